/* 64 threads contend for locks of every kind, in order, a million times: with waits that give up, with tries against the order,
 * semaphores that are handed over, owners that die, and forks. Nobody ever waits for ever, and nobody breaks a contract. */
/* EXPECT nothing: all waits without a time-out follow one order */
/* EXPECT limit witnesses */
#include "guest.h"

#include <sched.h>
#include <semaphore.h>
#include <stdint.h>
#include <sys/wait.h>
#include <time.h>

enum { THREADS = 64, LOCKS = 16, ROUNDS = 16000, DEATHS = 40 };

static pthread_mutex_t mutexes[LOCKS], robust;
static pthread_rwlock_t rwlocks[LOCKS];
static sem_t semaphores[LOCKS], handed_over;
static pthread_spinlock_t spin;

static struct timespec soon(void)
{
    struct timespec time;
    clock_gettime(CLOCK_REALTIME, &time);
    time.tv_nsec += 20000;
    if (time.tv_nsec >= 1000000000) {
        time.tv_sec++;
        time.tv_nsec -= 1000000000;
    }
    return time;
}

static void nest(int first, int second)
{
    pthread_mutex_lock(&mutexes[first]);
    pthread_mutex_lock(&mutexes[second]);
    pthread_mutex_unlock(&mutexes[second]);
    pthread_mutex_unlock(&mutexes[first]);
}

static void give_up(int first, int second)
{
    struct timespec until = soon();
    pthread_mutex_lock(&mutexes[first]);
    if (pthread_mutex_timedlock(&mutexes[second], &until) == 0)
        pthread_mutex_unlock(&mutexes[second]);
    pthread_mutex_unlock(&mutexes[first]);
}

static void try_against_the_order(int first, int second)
{
    pthread_mutex_lock(&mutexes[second]);
    while (pthread_mutex_trylock(&mutexes[first]) != 0) {
        pthread_mutex_unlock(&mutexes[second]);
        sched_yield();
        pthread_mutex_lock(&mutexes[second]);
    }
    pthread_mutex_unlock(&mutexes[first]);
    pthread_mutex_unlock(&mutexes[second]);
}

static void read_and_write(int first, int second)
{
    pthread_rwlock_rdlock(&rwlocks[first]);
    pthread_rwlock_wrlock(&rwlocks[second]);
    pthread_rwlock_unlock(&rwlocks[second]);
    pthread_rwlock_unlock(&rwlocks[first]);
}

static void nest_semaphores(int first, int second)
{
    sem_wait(&semaphores[first]);
    sem_wait(&semaphores[second]);
    sem_post(&semaphores[second]);
    sem_post(&semaphores[first]);
}

static void hand_over(int first, int second)
{
    struct timespec until = soon();
    if ((first + second) % 2)
        sem_post(&handed_over);
    else
        sem_timedwait(&handed_over, &until);
}

static void recover(int first, int second)
{
    (void)first, (void)second;
    if (pthread_mutex_lock(&robust) == EOWNERDEAD)
        pthread_mutex_consistent(&robust);
    pthread_spin_lock(&spin);
    pthread_spin_unlock(&spin);
    pthread_mutex_unlock(&robust);
}

static void (*const ways[])(int first, int second) = {
    nest, give_up, try_against_the_order, read_and_write, nest_semaphores, hand_over, recover};

static void *contend(void *seed)
{
    unsigned random = (unsigned)(uintptr_t)seed;
    for (int i = 0; i < ROUNDS; i++) {
        int first = rand_r(&random) % (LOCKS - 1);
        int second = first + 1 + rand_r(&random) % (LOCKS - 1 - first);
        ways[(size_t)rand_r(&random) % (sizeof ways / sizeof ways[0])](first, second);
    }
    return NULL;
}

static void *die_holding(void *unused)
{
    if (pthread_mutex_lock(&robust) == EOWNERDEAD)
        pthread_mutex_consistent(&robust);
    return unused;
}

static void prepare(void)
{
    pthread_mutexattr_t attributes;
    pthread_mutexattr_init(&attributes);
    pthread_mutexattr_setrobust(&attributes, PTHREAD_MUTEX_ROBUST);
    pthread_mutex_init(&robust, &attributes);
    pthread_spin_init(&spin, PTHREAD_PROCESS_PRIVATE);
    sem_init(&handed_over, 0, 0);
    for (int i = 0; i < LOCKS; i++) {
        pthread_mutex_init(&mutexes[i], NULL);
        pthread_rwlock_init(&rwlocks[i], NULL);
        sem_init(&semaphores[i], 0, 1);
    }
}

int main(void)
{
    pthread_t threads[THREADS], dying;
    prepare();
    for (uintptr_t i = 0; i < THREADS; i++)
        require(pthread_create(&threads[i], NULL, contend, (void *)(i + 1)) == 0, "a thread");
    for (int i = 0; i < DEATHS; i++) {
        require(pthread_create(&dying, NULL, die_holding, NULL) == 0 && pthread_join(dying, NULL) == 0, "a death");
        pid_t child = fork();
        if (child == 0)
            _exit(0);
        require(child > 0 && waitpid(child, NULL, 0) == child, "a child");
    }
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    puts("contended");
    return 0;
}
