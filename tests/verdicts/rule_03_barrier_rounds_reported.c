/* Both orders lie between the first and the second round of a barrier. */
#include "actors.h"

static pthread_mutex_t first = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t second = PTHREAD_MUTEX_INITIALIZER;
static pthread_barrier_t barrier;

static void forward(void)
{
    pthread_barrier_wait(&barrier);
    pthread_mutex_lock(&first);  /* EXPECT cycle: forward holds first */
    pthread_mutex_lock(&second); /* EXPECT cycle: forward wants second */
    pthread_mutex_unlock(&second);
    pthread_mutex_unlock(&first);
    end_turn();
    pthread_barrier_wait(&barrier);
}

static void backward(void)
{
    pthread_barrier_wait(&barrier);
    wait_for_turn(1);
    pthread_mutex_lock(&second); /* EXPECT cycle: backward holds second */
    pthread_mutex_lock(&first);  /* EXPECT cycle: backward wants first */
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
