/* Both threads wait with a time-out by a clock of their choice, in one order. */
/* EXPECT nothing: the order is the same */
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
    struct timespec until = soon(CLOCK_MONOTONIC);
    pthread_rwlock_wrlock(&first);
    require(pthread_rwlock_clockrdlock(&second, CLOCK_MONOTONIC, &until) == 0, "a free second");
    pthread_rwlock_unlock(&second);
    pthread_rwlock_unlock(&first);
    end_turn();
}

static void backward(void)
{
    struct timespec until = soon(CLOCK_MONOTONIC);
    wait_for_turn(1);
    pthread_rwlock_wrlock(&first);
    require(pthread_rwlock_clockwrlock(&second, CLOCK_MONOTONIC, &until) == 0, "a free second");
    pthread_rwlock_unlock(&second);
    pthread_rwlock_unlock(&first);
}

int main(void)
{
    PLAY_TOGETHER(forward, backward);
    return 0;
}
