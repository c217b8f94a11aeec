/* One thread takes its first lock with a time-out, and waits for the second without: no time-out ends this cycle. */
#include <time.h>

#include "actors.h"

static pthread_mutex_t first = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t second = PTHREAD_MUTEX_INITIALIZER;

static void forward(void)
{
    struct timespec until;
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += 60;
    /* EXPECT cycle: forward holds first */
    require(pthread_mutex_timedlock(&first, &until) == 0, "a free first");
    pthread_mutex_lock(&second); /* EXPECT cycle: forward wants second */
    pthread_mutex_unlock(&second);
    pthread_mutex_unlock(&first);
    end_turn();
}

static void backward(void)
{
    wait_for_turn(1);
    pthread_mutex_lock(&second); /* EXPECT cycle: backward holds second */
    pthread_mutex_lock(&first);  /* EXPECT cycle: backward wants first */
    pthread_mutex_unlock(&first);
    pthread_mutex_unlock(&second);
}

int main(void)
{
    PLAY_TOGETHER(forward, backward);
    return 0;
}
