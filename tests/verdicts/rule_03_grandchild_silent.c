/* main takes the two locks before it creates a thread, whose child takes them in the other order. */
/* EXPECT nothing: creation orders main before the child and, through it, before the grandchild */
#include "actors.h"

static pthread_mutex_t first = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t second = PTHREAD_MUTEX_INITIALIZER;

static void backward(void)
{
    pthread_mutex_lock(&second);
    pthread_mutex_lock(&first);
    pthread_mutex_unlock(&first);
    pthread_mutex_unlock(&second);
}

static void parent(void)
{
    join(START(backward));
}

int main(void)
{
    pthread_setname_np(pthread_self(), "main");
    pthread_mutex_lock(&first);
    pthread_mutex_lock(&second);
    pthread_mutex_unlock(&second);
    pthread_mutex_unlock(&first);
    join(START(parent));
    return 0;
}
