/* Rounds of a barrier: each order has one of its own. */
/* EXPECT nothing: a round of the barrier lies between the two orders */
#include "actors.h"

static pthread_mutex_t first = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t second = PTHREAD_MUTEX_INITIALIZER;
static pthread_barrier_t barrier;

static void forward(void)
{
    pthread_barrier_wait(&barrier);
    pthread_mutex_lock(&first);
    pthread_mutex_lock(&second);
    pthread_mutex_unlock(&second);
    pthread_mutex_unlock(&first);
    pthread_barrier_wait(&barrier);
    pthread_barrier_wait(&barrier);
}

static void backward(void)
{
    pthread_barrier_wait(&barrier);
    pthread_barrier_wait(&barrier);
    pthread_mutex_lock(&second);
    pthread_mutex_lock(&first);
    pthread_mutex_unlock(&first);
    pthread_mutex_unlock(&second);
    pthread_barrier_wait(&barrier);
}

int main(void)
{
    pthread_barrier_init(&barrier, NULL, 2);
    PLAY_TOGETHER(forward, backward);
    return 0;
}
