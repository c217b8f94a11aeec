/* Locking an error-checking mutex again fails, and one unlock releases it. */
/* EXPECT nothing: the failed lock is no deadlock, and holds nothing */
#include <errno.h>

#include "actors.h"

static pthread_mutex_t first = PTHREAD_ERRORCHECK_MUTEX_INITIALIZER_NP;
static pthread_mutex_t second = PTHREAD_MUTEX_INITIALIZER;

static void forward(void)
{
    pthread_mutex_lock(&first);
    require(pthread_mutex_lock(&first) == EDEADLK, "a mutex that checks");
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
