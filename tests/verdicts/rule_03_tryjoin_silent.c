/* A thread is joined by trying until it succeeds. */
/* EXPECT nothing: main goes on after the join */
#include <sched.h>

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

int main(void)
{
    pthread_setname_np(pthread_self(), "main");
    struct actor *created = START(backward);
    while (pthread_tryjoin_np(created->thread, NULL) != 0)
        sched_yield();
    pthread_mutex_lock(&first);
    pthread_mutex_lock(&second);
    pthread_mutex_unlock(&second);
    pthread_mutex_unlock(&first);
    return 0;
}
