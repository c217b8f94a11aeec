/* The lock taken first is released first; what is held then is the second one. */
#include "actors.h"

static pthread_mutex_t first = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t second = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t third = PTHREAD_MUTEX_INITIALIZER;

static void forward(void)
{
    pthread_mutex_lock(&first);
    pthread_mutex_lock(&second); /* EXPECT cycle: forward holds second */
    pthread_mutex_unlock(&first);
    pthread_mutex_lock(&third); /* EXPECT cycle: forward wants third */
    pthread_mutex_unlock(&third);
    pthread_mutex_unlock(&second);
    end_turn();
}

static void backward(void)
{
    wait_for_turn(1);
    pthread_mutex_lock(&third);  /* EXPECT cycle: backward holds third */
    pthread_mutex_lock(&second); /* EXPECT cycle: backward wants second */
    pthread_mutex_unlock(&second);
    pthread_mutex_unlock(&third);
}

int main(void)
{
    PLAY_TOGETHER(forward, backward);
    return 0;
}
