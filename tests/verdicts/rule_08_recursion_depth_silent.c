/* A recursive mutex locked twice and unlocked twice is free. */
/* EXPECT nothing: nothing is held when the second lock is taken */
#include "actors.h"

static pthread_mutex_t first = PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP;
static pthread_mutex_t second = PTHREAD_MUTEX_INITIALIZER;

static void forward(void)
{
    pthread_mutex_lock(&first);
    pthread_mutex_lock(&first);
    pthread_mutex_unlock(&first);
    pthread_mutex_unlock(&first);
    pthread_mutex_lock(&second);
    pthread_mutex_unlock(&second);
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
    PLAY_TOGETHER(forward, backward);
    return 0;
}
