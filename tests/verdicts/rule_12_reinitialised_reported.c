/* Two locks are initialised once, and taken in opposite orders. */
#include "actors.h"

static pthread_mutex_t first, second;

static void forward(void)
{
    pthread_mutex_lock(&first);  /* EXPECT cycle: forward holds first */
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
    pthread_mutex_init(&first, NULL);
    pthread_mutex_init(&second, NULL);
    PLAY_TOGETHER(forward, backward);
    return 0;
}
