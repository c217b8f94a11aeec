/* Two locks are destroyed between the two orders, and begin again by the static initialiser, which calls no function. */
/* EXPECT nothing: what was first and second is gone, two other locks lie in their place */
#include "actors.h"

static pthread_mutex_t first = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t second = PTHREAD_MUTEX_INITIALIZER;

static void forward(void)
{
    pthread_mutex_lock(&first);
    pthread_mutex_lock(&second);
    pthread_mutex_unlock(&second);
    pthread_mutex_unlock(&first);
    pthread_mutex_destroy(&first);
    pthread_mutex_destroy(&second);
    first = (pthread_mutex_t)PTHREAD_MUTEX_INITIALIZER;
    second = (pthread_mutex_t)PTHREAD_MUTEX_INITIALIZER;
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
