/* 64 threads, more than a million acquisitions of every kind of lock: contended, given up, tried, handed over. Nobody locks up.
 */
/* EXPECT nothing: one order everywhere */
/* EXPECT limit witnesses */
#include <sched.h>
#include <semaphore.h>
#include <threads.h>
#include <time.h>

#include "guest.h"

enum { THREADS = 64, ROUNDS = 2000 };

static pthread_mutex_t outer = PTHREAD_MUTEX_INITIALIZER, inner = PTHREAD_MUTEX_INITIALIZER, recursive, adaptive, inherits, timed;
static pthread_rwlock_t table = PTHREAD_RWLOCK_INITIALIZER;
static pthread_rwlock_t written_first = PTHREAD_RWLOCK_WRITER_NONRECURSIVE_INITIALIZER_NP;
static pthread_spinlock_t spin;
static mtx_t of_c11;
static sem_t as_lock, baton, slots;
static pthread_once_t once = PTHREAD_ONCE_INIT;
static pthread_barrier_t all_there;
static long counter;

static void make(pthread_mutex_t *mutex, int type, int protocol)
{
    pthread_mutexattr_t attributes;
    pthread_mutexattr_init(&attributes);
    pthread_mutexattr_settype(&attributes, type);
    pthread_mutexattr_setprotocol(&attributes, protocol);
    pthread_mutex_init(mutex, &attributes);
}

static struct timespec soon(void)
{
    struct timespec until;
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_nsec += 20000;
    if (until.tv_nsec >= 1000000000) {
        until.tv_sec++;
        until.tv_nsec -= 1000000000;
    }
    return until;
}

/* Mutexes of all kinds, one inside the other. */
static void nest(void)
{
    pthread_mutex_lock(&outer);
    pthread_mutex_lock(&inner);
    pthread_mutex_lock(&recursive);
    pthread_mutex_lock(&recursive);
    pthread_mutex_lock(&adaptive);
    pthread_mutex_lock(&inherits);
    if (++counter % 32 == 0)
        sched_yield(); /* with everything held, so that the others wait */
    pthread_mutex_unlock(&inherits);
    pthread_mutex_unlock(&adaptive);
    pthread_mutex_unlock(&recursive);
    pthread_mutex_unlock(&recursive);
    pthread_mutex_unlock(&inner);
    pthread_mutex_unlock(&outer);
}

static void read_and_write(int round)
{
    pthread_rwlock_rdlock(&table);
    if (round % 8 == 0)
        pthread_rwlock_wrlock(&written_first);
    else
        pthread_rwlock_rdlock(&written_first);
    pthread_rwlock_unlock(&written_first);
    pthread_rwlock_unlock(&table);
    if (round % 16 == 0) {
        pthread_rwlock_wrlock(&table);
        pthread_rwlock_unlock(&table);
    }
}

/* Waits that may end in vain. They go against the order, too: with a time-out, or by a try, that hangs nobody. */
static void give_up(void)
{
    struct timespec until = soon();
    if (pthread_mutex_timedlock(&timed, &until) == 0) {
        sched_yield();
        pthread_mutex_unlock(&timed);
    }
    if (pthread_rwlock_timedwrlock(&table, &until) == 0)
        pthread_rwlock_unlock(&table);
    if (sem_timedwait(&as_lock, &until) == 0)
        sem_post(&as_lock);
}

static void try_in_a_loop(void)
{
    for (;;) {
        pthread_mutex_lock(&inner);
        if (pthread_mutex_trylock(&outer) == 0)
            break;
        pthread_mutex_unlock(&inner);
        sched_yield();
    }
    pthread_mutex_unlock(&outer);
    pthread_mutex_unlock(&inner);
}

static void initialize(void)
{
    pthread_mutex_lock(&inner);
    sched_yield();
    pthread_mutex_unlock(&inner);
}

/* One thread's post ends another one's wait, with a lock held on either side. */
static void hand_over(void)
{
    sem_wait(&baton);
    pthread_mutex_lock(&outer);
    counter++;
    pthread_mutex_unlock(&outer);
    sem_post(&baton);
    sem_wait(&slots);
    pthread_mutex_lock(&inner);
    pthread_mutex_unlock(&inner);
    sem_post(&slots);
}

static void *work(void *unused)
{
    pthread_barrier_wait(&all_there);
    pthread_once(&once, initialize);
    for (int round = 0; round < ROUNDS; round++) {
        nest();
        read_and_write(round);
        hand_over();
        sem_wait(&as_lock);
        pthread_spin_lock(&spin);
        pthread_spin_unlock(&spin);
        sem_post(&as_lock);
        mtx_lock(&of_c11);
        if (round % 32 == 0)
            sched_yield();
        mtx_unlock(&of_c11);
        if (round % 16 == 0)
            give_up();
        if (round % 64 == 0)
            try_in_a_loop();
    }
    return unused;
}

int main(void)
{
    pthread_t threads[THREADS];
    make(&recursive, PTHREAD_MUTEX_RECURSIVE, PTHREAD_PRIO_NONE);
    make(&adaptive, PTHREAD_MUTEX_ADAPTIVE_NP, PTHREAD_PRIO_NONE);
    make(&inherits, PTHREAD_MUTEX_NORMAL, PTHREAD_PRIO_INHERIT);
    make(&timed, PTHREAD_MUTEX_ERRORCHECK, PTHREAD_PRIO_NONE);
    pthread_spin_init(&spin, PTHREAD_PROCESS_PRIVATE);
    mtx_init(&of_c11, mtx_plain);
    pthread_barrier_init(&all_there, NULL, THREADS);
    sem_init(&as_lock, 0, 1);
    sem_init(&baton, 0, 0);
    sem_init(&slots, 0, 5);
    for (int i = 0; i < THREADS; i++)
        require(pthread_create(&threads[i], NULL, work, NULL) == 0, "a thread");
    sem_post(&baton);
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    printf("%ld\n", counter);
    return 0;
}
