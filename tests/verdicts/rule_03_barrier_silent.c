/* One thread takes the locks before a barrier, the other one behind it, in opposite orders. */
/* EXPECT nothing: the barrier lies between the two orders, in every run */
#include "actors.h"

static pthread_mutex_t first = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t second = PTHREAD_MUTEX_INITIALIZER;
static pthread_barrier_t barrier;

static void forward(void)
{
    pthread_mutex_lock(&first);
    pthread_mutex_lock(&second);
    pthread_mutex_unlock(&second);
    pthread_mutex_unlock(&first);
    pthread_barrier_wait(&barrier);
}

static void backward(void)
{
    pthread_barrier_wait(&barrier);
    pthread_mutex_lock(&second);
    pthread_mutex_lock(&first);
    pthread_mutex_unlock(&first);
    pthread_mutex_unlock(&second);
}

int main(void)
{
    pthread_barrier_init(&barrier, NULL, 2);
    PLAY_TOGETHER(forward, backward);
    return 0;
}
