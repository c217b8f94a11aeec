/* pthread_once before the lock is taken that the initialiser takes. */
/* EXPECT nothing: each thread has passed the initialisation before it locks */
#include "actors.h"

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void initialize(void)
{
    pthread_mutex_lock(&mutex);
    pthread_mutex_unlock(&mutex);
}

static void forward(void)
{
    pthread_once(&once, initialize);
    pthread_mutex_lock(&mutex);
    pthread_once(&once, initialize);
    pthread_mutex_unlock(&mutex);
    end_turn();
}

static void backward(void)
{
    wait_for_turn(1);
    pthread_once(&once, initialize);
    pthread_mutex_lock(&mutex);
    pthread_mutex_unlock(&mutex);
}

int main(void)
{
    PLAY_TOGETHER(forward, backward);
    return 0;
}
