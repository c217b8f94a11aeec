/* A thread that reads wants to write: it waits for itself, here with a time-out. */
#include <errno.h>
#include <time.h>

#include "actors.h"

static pthread_rwlock_t lock = PTHREAD_RWLOCK_INITIALIZER;

/* Hardly from now. */
static struct timespec soon(clockid_t clock)
{
    struct timespec until;
    clock_gettime(clock, &until);
    until.tv_nsec = 0;
    return until;
}

static void upgrader(void)
{
    struct timespec until = soon(CLOCK_REALTIME);
    pthread_rwlock_rdlock(&lock); /* EXPECT cycle: upgrader holds lock */
    /* EXPECT cycle: upgrader wants lock timed */
    require(pthread_rwlock_timedwrlock(&lock, &until) == ETIMEDOUT, "a wait that is given up");
    pthread_rwlock_unlock(&lock);
}

int main(void)
{
    join(START(upgrader));
    return 0;
}
