/* Two threads; each takes one pair of locks in both orders, and each its own pair. */
/* EXPECT nothing: both orders of a pair are one thread's */
#include "actors.h"

static pthread_mutex_t first = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t second = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t third = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t fourth = PTHREAD_MUTEX_INITIALIZER;

static void forward(void)
{
    pthread_mutex_lock(&first);
    pthread_mutex_lock(&second);
    pthread_mutex_unlock(&second);
    pthread_mutex_unlock(&first);
    pthread_mutex_lock(&second);
    pthread_mutex_lock(&first);
    pthread_mutex_unlock(&first);
    pthread_mutex_unlock(&second);
    end_turn();
}

static void backward(void)
{
    wait_for_turn(1);
    pthread_mutex_lock(&third);
    pthread_mutex_lock(&fourth);
    pthread_mutex_unlock(&fourth);
    pthread_mutex_unlock(&third);
    pthread_mutex_lock(&fourth);
    pthread_mutex_lock(&third);
    pthread_mutex_unlock(&third);
    pthread_mutex_unlock(&fourth);
}

int main(void)
{
    PLAY_TOGETHER(forward, backward);
    return 0;
}
