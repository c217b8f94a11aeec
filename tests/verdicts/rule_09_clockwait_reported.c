/* A wait on a condition that times out takes the mutex again, too (clockwait); that wait has no time-out. */
#include <errno.h>
#include <time.h>

#include "actors.h"

static pthread_mutex_t first = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t second = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t condition = PTHREAD_COND_INITIALIZER;

static void forward(void)
{
    pthread_mutex_lock(&first);  /* EXPECT cycle: forward holds first */
    pthread_mutex_lock(&second); /* EXPECT cycle: forward wants second */
    pthread_mutex_unlock(&second);
    pthread_mutex_unlock(&first);
    end_turn();
}

static void waiter(void)
{
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    wait_for_turn(1);
    pthread_mutex_lock(&first);
    pthread_mutex_lock(&second); /* EXPECT cycle: waiter holds second */
    /* EXPECT cycle: waiter wants first condition */
    require(pthread_cond_clockwait(&condition, &first, CLOCK_MONOTONIC, &until) == ETIMEDOUT, "that nobody signals");
    pthread_mutex_unlock(&second);
    pthread_mutex_unlock(&first);
}

int main(void)
{
    PLAY_TOGETHER(forward, waiter);
    return 0;
}
