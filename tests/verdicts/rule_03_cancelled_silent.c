/* main takes the two locks when it has cancelled and joined a thread. */
/* EXPECT nothing: the thread is over, however it ended */
#include "actors.h"

static pthread_mutex_t first = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t second = PTHREAD_MUTEX_INITIALIZER;

static void wait_to_be_cancelled(void)
{
    for (;;)
        pause();
}

static void backward(void)
{
    pthread_mutex_lock(&second);
    pthread_mutex_lock(&first);
    pthread_mutex_unlock(&first);
    pthread_mutex_unlock(&second);
    end_turn();
    wait_to_be_cancelled();
}

int main(void)
{
    pthread_setname_np(pthread_self(), "main");
    struct actor *created = START(backward);
    wait_for_turn(1);
    pthread_cancel(created->thread);
    join(created);
    pthread_mutex_lock(&first);
    pthread_mutex_lock(&second);
    pthread_mutex_unlock(&second);
    pthread_mutex_unlock(&first);
    return 0;
}
