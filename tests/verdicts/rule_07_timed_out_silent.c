/* A wait that ended by its time-out got nothing: its lock is not held afterwards. */
/* EXPECT nothing: the thread whose wait timed out holds nothing when it takes the other lock */
#include <errno.h>
#include <time.h>

#include "actors.h"

static pthread_mutex_t first = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t second = PTHREAD_MUTEX_INITIALIZER;

static void impatient(void)
{
    struct timespec until;
    clock_gettime(CLOCK_REALTIME, &until);
    wait_for_turn(1);
    require(pthread_mutex_timedlock(&first, &until) == ETIMEDOUT, "that first is taken");
    pthread_mutex_lock(&second);
    pthread_mutex_unlock(&second);
    end_turn();
}

static void owner(void)
{
    pthread_mutex_lock(&second);
    pthread_mutex_lock(&first);
    pthread_mutex_unlock(&second);
    end_turn();
    wait_for_turn(2);
    pthread_mutex_unlock(&first);
}

int main(void)
{
    PLAY_TOGETHER(impatient, owner);
    return 0;
}
