/* Of three locks the second is released; the third one is still held when the fourth is taken. */
#include "actors.h"

static pthread_mutex_t first = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t second = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t third = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t fourth = PTHREAD_MUTEX_INITIALIZER;

static void forward(void)
{
    pthread_mutex_lock(&first);
    pthread_mutex_lock(&second);
    pthread_mutex_lock(&third); /* EXPECT cycle: forward holds third */
    pthread_mutex_unlock(&second);
    pthread_mutex_lock(&fourth); /* EXPECT cycle: forward wants fourth */
    pthread_mutex_unlock(&fourth);
    pthread_mutex_unlock(&third);
    pthread_mutex_unlock(&first);
    end_turn();
}

static void backward(void)
{
    wait_for_turn(1);
    pthread_mutex_lock(&fourth); /* EXPECT cycle: backward holds fourth */
    pthread_mutex_lock(&third);  /* EXPECT cycle: backward wants third */
    pthread_mutex_unlock(&third);
    pthread_mutex_unlock(&fourth);
}

int main(void)
{
    PLAY_TOGETHER(forward, backward);
    return 0;
}
