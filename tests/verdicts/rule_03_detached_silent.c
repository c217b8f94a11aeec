/* main takes the two locks before it creates a detached thread. */
/* EXPECT nothing: what main did before the creation is over when the thread begins */
#include "actors.h"

static pthread_mutex_t first = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t second = PTHREAD_MUTEX_INITIALIZER;

static void backward(void)
{
    pthread_mutex_lock(&second);
    pthread_mutex_lock(&first);
    pthread_mutex_unlock(&first);
    pthread_mutex_unlock(&second);
    end_turn();
}

int main(void)
{
    pthread_setname_np(pthread_self(), "main");
    pthread_mutex_lock(&first);
    pthread_mutex_lock(&second);
    pthread_mutex_unlock(&second);
    pthread_mutex_unlock(&first);
    pthread_detach(START(backward)->thread);
    wait_for_turn(1);
    return 0;
}
