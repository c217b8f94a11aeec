/* main takes the two locks after it has joined a thread that ends by pthread_exit. */
/* EXPECT nothing: the thread is over, however it ended */
#include "actors.h"

static pthread_mutex_t first = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t second = PTHREAD_MUTEX_INITIALIZER;

static void leave(void)
{
    pthread_exit(NULL);
}

static void backward(void)
{
    pthread_mutex_lock(&second);
    pthread_mutex_lock(&first);
    pthread_mutex_unlock(&first);
    pthread_mutex_unlock(&second);
    leave();
}

int main(void)
{
    pthread_setname_np(pthread_self(), "main");
    join(START(backward));
    pthread_mutex_lock(&first);
    pthread_mutex_lock(&second);
    pthread_mutex_unlock(&second);
    pthread_mutex_unlock(&first);
    return 0;
}
