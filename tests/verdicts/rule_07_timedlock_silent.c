/* Both threads take the locks in one order, one of them with a time-out (timedlock). */
/* EXPECT nothing: the order is the same, with or without a time-out */
#include <time.h>

#include "actors.h"

static pthread_mutex_t first = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t second = PTHREAD_MUTEX_INITIALIZER;

static void forward(void)
{
    struct timespec until;
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += 60;
    pthread_mutex_lock(&first);
    require(pthread_mutex_timedlock(&second, &until) == 0, "a free second");
    pthread_mutex_unlock(&second);
    pthread_mutex_unlock(&first);
    end_turn();
}

static void backward(void)
{
    wait_for_turn(1);
    pthread_mutex_lock(&first);
    pthread_mutex_lock(&second);
    pthread_mutex_unlock(&second);
    pthread_mutex_unlock(&first);
}

int main(void)
{
    PLAY_TOGETHER(forward, backward);
    return 0;
}
