/* There is no clock: not at all, or sometimes. As libraries that change the time do, the program stands before the C library's
 * clock, and so the recorder asks this one. A thread that waits learns nothing of it, from errno either. */
/* EXPECT nothing: one lock */
#include <sched.h>
#include <stdbool.h>
#include <time.h>

#include "guest.h"

enum { ROUNDS = 100, OF_NOBODY_ELSE = 4711 };

static bool fails_always = true;
static unsigned calls;
static pthread_mutex_t contended = PTHREAD_MUTEX_INITIALIZER;
static pthread_barrier_t turn;

__attribute__((visibility("default"))) int clock_gettime(clockid_t clock, struct timespec *time)
{
    bool fails = __atomic_load_n(&fails_always, __ATOMIC_RELAXED) || __atomic_fetch_add(&calls, 1, __ATOMIC_RELAXED) % 3 != 0;
    if (fails) {
        memset(time, 0x55, sizeof *time);
        errno = EINVAL;
        return -1;
    }
    /* Of this system call, nothing in the program stands before. */
    return timespec_get(time, TIME_UTC) == TIME_UTC && clock >= 0 ? 0 : -1;
}

static void *waits(void *unused)
{
    (void)unused;
    for (int round = 0; round < ROUNDS; round++) {
        pthread_barrier_wait(&turn);
        errno = OF_NOBODY_ELSE;
        pthread_mutex_lock(&contended);
        pthread_mutex_unlock(&contended);
        require(errno == OF_NOBODY_ELSE, "errno as it was");
        pthread_barrier_wait(&turn);
    }
    return NULL;
}

static void let_somebody_wait(void)
{
    pthread_mutex_lock(&contended);
    pthread_barrier_wait(&turn);
    while (__atomic_load_n(&contended.__data.__lock, __ATOMIC_RELAXED) != 2) /* glibc's: somebody waits */
        sched_yield();
    pthread_mutex_unlock(&contended);
    pthread_barrier_wait(&turn);
}

int main(void)
{
    pthread_t thread;
    pthread_barrier_init(&turn, NULL, 2);
    require(pthread_create(&thread, NULL, waits, NULL) == 0, "a thread");
    for (int round = 0; round < ROUNDS; round++) {
        __atomic_store_n(&fails_always, round < ROUNDS / 2, __ATOMIC_RELAXED);
        let_somebody_wait();
    }
    pthread_join(thread, NULL);
    puts("waited");
    return 0;
}
