/* Two threads, two cycles that have nothing to do with each other. */
#include "actors.h"

static pthread_mutex_t first = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t second = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t third = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t fourth = PTHREAD_MUTEX_INITIALIZER;

static void forward(void)
{
    pthread_mutex_lock(&first);  /* EXPECT cycle low: forward holds first */
    pthread_mutex_lock(&second); /* EXPECT cycle low: forward wants second */
    pthread_mutex_unlock(&second);
    pthread_mutex_unlock(&first);
    pthread_mutex_lock(&third);  /* EXPECT cycle high: forward holds third */
    pthread_mutex_lock(&fourth); /* EXPECT cycle high: forward wants fourth */
    pthread_mutex_unlock(&fourth);
    pthread_mutex_unlock(&third);
    end_turn();
}

static void backward(void)
{
    wait_for_turn(1);
    pthread_mutex_lock(&second); /* EXPECT cycle low: backward holds second */
    pthread_mutex_lock(&first);  /* EXPECT cycle low: backward wants first */
    pthread_mutex_unlock(&first);
    pthread_mutex_unlock(&second);
    pthread_mutex_lock(&fourth); /* EXPECT cycle high: backward holds fourth */
    pthread_mutex_lock(&third);  /* EXPECT cycle high: backward wants third */
    pthread_mutex_unlock(&third);
    pthread_mutex_unlock(&fourth);
}

int main(void)
{
    PLAY_TOGETHER(forward, backward);
    return 0;
}
