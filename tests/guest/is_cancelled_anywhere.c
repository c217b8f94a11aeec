/* Threads are cancelled in every call that waits and may be cancelled, deferred, and in a loop without calls at any instruction.
 * Their cleanup handlers unlock, and lock what is new to them. */
/* EXPECT nothing: one order */
/* EXPECT perhaps limit witnesses */
#include <semaphore.h>
#include <threads.h>
#include <time.h>

#include "guest.h"

enum { ROUNDS = 20 };

static pthread_mutex_t outer = PTHREAD_MUTEX_INITIALIZER, inner = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER, of_cleanup = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t never = PTHREAD_COND_INITIALIZER;
static mtx_t of_c11;
static cnd_t never_in_c11;
static sem_t nothing;
static int pipe_ends[2];
static const struct timespec far_away = {.tv_sec = 0x7fffffff};
static volatile int running;
static pthread_t sleeper;

static void unlock(void *locked)
{
    require(pthread_mutex_trylock(locked) == EBUSY, "a locked mutex in the cleanup handler");
    pthread_mutex_unlock(locked);
    lock_both(&outer, &inner);
}

static void lock_in_cleanup(void *unused)
{
    (void)unused;
    lock_both(&outer, &of_cleanup);
}

static void unlock_c11(void *unused)
{
    (void)unused;
    mtx_unlock(&of_c11);
}

#define WAIT_WITH_MUTEX(name, call)                                                                                              \
    static void *name(void *unused)                                                                                              \
    {                                                                                                                            \
        pthread_mutex_lock(&mutex);                                                                                              \
        pthread_cleanup_push(unlock, &mutex);                                                                                    \
        running = 1;                                                                                                             \
        for (;;)                                                                                                                 \
            call;                                                                                                                \
        pthread_cleanup_pop(0);                                                                                                  \
        return unused;                                                                                                           \
    }

#define WAIT(name, call)                                                                                                         \
    static void *name(void *unused)                                                                                              \
    {                                                                                                                            \
        pthread_cleanup_push(lock_in_cleanup, NULL);                                                                             \
        running = 1;                                                                                                             \
        for (;;)                                                                                                                 \
            call;                                                                                                                \
        pthread_cleanup_pop(0);                                                                                                  \
        return unused;                                                                                                           \
    }

WAIT_WITH_MUTEX(in_cond_wait, pthread_cond_wait(&never, &mutex))
WAIT_WITH_MUTEX(in_cond_timedwait, pthread_cond_timedwait(&never, &mutex, &far_away))
WAIT_WITH_MUTEX(in_cond_clockwait, pthread_cond_clockwait(&never, &mutex, CLOCK_MONOTONIC, &far_away))
WAIT(in_sem_wait, sem_wait(&nothing))
WAIT(in_sem_timedwait, sem_timedwait(&nothing, &far_away))
WAIT(in_sem_clockwait, sem_clockwait(&nothing, CLOCK_MONOTONIC, &far_away))
WAIT(in_join, pthread_join(sleeper, NULL))
WAIT(in_timedjoin, pthread_timedjoin_np(sleeper, NULL, &far_away))
WAIT(in_clockjoin, pthread_clockjoin_np(sleeper, NULL, CLOCK_MONOTONIC, &far_away))
WAIT(in_read, (void)!read(pipe_ends[0], &(char){0}, 1))
WAIT(in_sleep, nanosleep(&far_away, NULL))
WAIT(in_pause, pause())

static void *in_cnd_wait(void *unused)
{
    mtx_lock(&of_c11);
    pthread_cleanup_push(unlock_c11, NULL);
    running = 1;
    for (;;)
        cnd_wait(&never_in_c11, &of_c11);
    pthread_cleanup_pop(0);
    return unused;
}

static void *at_any_instruction(void *unused)
{
    pthread_cleanup_push(lock_in_cleanup, NULL);
    lock_both(&outer, &inner);
    pthread_setcanceltype(PTHREAD_CANCEL_ASYNCHRONOUS, NULL);
    for (;;)
        running = 1;
    pthread_cleanup_pop(0);
    return unused;
}

static void *(*const waits[])(void *) = {
    in_cond_wait, in_cond_timedwait, in_cond_clockwait, in_sem_wait, in_sem_timedwait, in_sem_clockwait, in_join,
    in_timedjoin, in_clockjoin,      in_read,           in_sleep,    in_pause,         in_cnd_wait,      at_any_instruction};

static void cancel_in(void *(*wait)(void *))
{
    pthread_t thread;
    void *result;
    running = 0;
    require(pthread_create(&thread, NULL, wait, NULL) == 0, "a thread");
    while (!running)
        sched_yield();
    pthread_cancel(thread);
    pthread_join(thread, &result);
    require(result == PTHREAD_CANCELED, "a cancelled thread");
    require(pthread_mutex_trylock(&mutex) == 0 && pthread_mutex_unlock(&mutex) == 0, "a free mutex");
}

int main(void)
{
    mtx_init(&of_c11, mtx_plain);
    cnd_init(&never_in_c11);
    sem_init(&nothing, 0, 0);
    require(pipe(pipe_ends) == 0, "a pipe");
    require(pthread_create(&sleeper, NULL, in_sleep, NULL) == 0, "a thread that is joined in vain");
    for (int i = 0; i < ROUNDS; i++)
        for (size_t k = 0; k < sizeof waits / sizeof waits[0]; k++)
            cancel_in(waits[k]);
    puts("cancelled");
    return 0;
}
