/* Threads end, are cancelled, fork and are interrupted while they lock and wait: robust mutexes are recovered, handlers lock what
 * nobody else does. Nobody locks up. */
/* EXPECT nothing: one order, and nothing is left locked that cannot be recovered */
/* EXPECT perhaps limit reentered */
#include <semaphore.h>
#include <signal.h>
#include <sys/wait.h>

#include "guest.h"

enum { THREADS = 64, ROUNDS = 30 };

static pthread_mutex_t robust, mutex = PTHREAD_MUTEX_INITIALIZER, of_handler = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t never = PTHREAD_COND_INITIALIZER;
static sem_t nothing;
static int recovered, cancelled;

/* A cancellation that arrives in here ends the thread in here, since it waits where it can be cancelled at any instruction. */
static void handle(int number)
{
    (void)number;
    int saved_errno = errno, type;
    pthread_setcanceltype(PTHREAD_CANCEL_DEFERRED, &type);
    if (pthread_mutex_trylock(&of_handler) == 0)
        pthread_mutex_unlock(&of_handler);
    pthread_setcanceltype(type, NULL);
    errno = saved_errno;
}

static void unlock(void *locked)
{
    pthread_mutex_unlock(locked);
}

/* Ends while it holds the robust mutex. */
static void *leave_locked(void *unused)
{
    if (pthread_mutex_lock(&robust) == EOWNERDEAD) {
        __atomic_add_fetch(&recovered, 1, __ATOMIC_RELAXED);
        pthread_mutex_consistent(&robust);
    }
    return unused;
}

static void *wait_for_post(void *unused)
{
    sem_wait(&nothing);
    return unused;
}

static void *wait_for_signal(void *unused)
{
    pthread_mutex_lock(&mutex);
    pthread_cleanup_push(unlock, &mutex);
    pthread_cond_wait(&never, &mutex);
    pthread_cleanup_pop(1);
    return unused;
}

/* Itself joins one that waits, and is cancelled there. */
static void *wait_for_end(void *other)
{
    pthread_join(*(pthread_t *)other, NULL);
    return NULL;
}

static void *lock_often(void *unused)
{
    for (int i = 0; i < 2000; i++) {
        pthread_mutex_lock(&mutex);
        pthread_mutex_unlock(&mutex);
    }
    return unused;
}

static void cancel(pthread_t thread)
{
    void *result;
    pthread_kill(thread, SIGUSR1);
    pthread_cancel(thread);
    require(pthread_join(thread, &result) == 0, "a thread that can be joined");
    cancelled += result == PTHREAD_CANCELED;
}

static void start(pthread_t *thread, void *(*function)(void *), void *argument)
{
    require(pthread_create(thread, NULL, function, argument) == 0, "a thread");
}

static void fork_and_lock(void)
{
    int status = 0;
    pid_t child = fork();
    if (child == 0) {
        pthread_mutex_t own = PTHREAD_MUTEX_INITIALIZER, other = PTHREAD_MUTEX_INITIALIZER; /* which no thread holds */
        lock_both(&own, &other);
        _exit(0);
    }
    require(child > 0 && waitpid(child, &status, 0) == child && status == 0, "a child that ends well");
}

int main(void)
{
    pthread_t lockers[THREADS], leaver, at_semaphore, at_condition, at_join;
    pthread_mutexattr_t attributes;
    signal(SIGUSR1, handle);
    pthread_mutexattr_init(&attributes);
    pthread_mutexattr_setrobust(&attributes, PTHREAD_MUTEX_ROBUST);
    pthread_mutex_init(&robust, &attributes);
    sem_init(&nothing, 0, 0);
    for (int i = 0; i < THREADS; i++)
        start(&lockers[i], lock_often, NULL);
    for (int round = 0; round < ROUNDS; round++) {
        start(&leaver, leave_locked, NULL);
        start(&at_semaphore, wait_for_post, NULL);
        start(&at_condition, wait_for_signal, NULL);
        start(&at_join, wait_for_end, &at_semaphore);
        for (int i = 0; i < THREADS; i += 8)
            pthread_kill(lockers[i], SIGUSR1);
        fork_and_lock();
        pthread_join(leaver, NULL);
        cancel(at_condition);
        cancel(at_join);
        cancel(at_semaphore);
    }
    for (int i = 0; i < THREADS; i++)
        pthread_join(lockers[i], NULL);
    printf("%d %d\n", recovered, cancelled);
    return 0;
}
