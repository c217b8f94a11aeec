/* Two locks are initialised again between the two orders, though nobody destroyed them. */
/* EXPECT nothing: an initialised lock begins a new life */
#include "actors.h"

static pthread_mutex_t first, second;

static void forward(void)
{
    pthread_mutex_lock(&first);
    pthread_mutex_lock(&second);
    pthread_mutex_unlock(&second);
    pthread_mutex_unlock(&first);
    pthread_mutex_init(&first, NULL);
    pthread_mutex_init(&second, NULL);
    end_turn();
}

static void backward(void)
{
    wait_for_turn(1);
    pthread_mutex_lock(&second);
    pthread_mutex_lock(&first);
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
