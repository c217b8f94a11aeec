/* One thread waits for the lock with a time-out, to write it, while it reads the other one. */
#include <time.h>

#include "actors.h"

static pthread_rwlock_t first = PTHREAD_RWLOCK_INITIALIZER;
static pthread_rwlock_t second = PTHREAD_RWLOCK_INITIALIZER;

/* In a minute. */
static struct timespec soon(clockid_t clock)
{
    struct timespec until;
    clock_gettime(clock, &until);
    until.tv_sec += 60;
    return until;
}

static void forward(void)
{
    struct timespec until = soon(CLOCK_REALTIME);
    pthread_rwlock_rdlock(&first); /* EXPECT cycle: forward holds first */
    /* EXPECT cycle: forward wants second timed */
    require(pthread_rwlock_timedwrlock(&second, &until) == 0, "a free second");
    pthread_rwlock_unlock(&second);
    pthread_rwlock_unlock(&first);
    end_turn();
}

static void backward(void)
{
    wait_for_turn(1);
    pthread_rwlock_rdlock(&second); /* EXPECT cycle: backward holds second */
    pthread_rwlock_wrlock(&first);  /* EXPECT cycle: backward wants first */
    pthread_rwlock_unlock(&first);
    pthread_rwlock_unlock(&second);
}

int main(void)
{
    PLAY_TOGETHER(forward, backward);
    return 0;
}
