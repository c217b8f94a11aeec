/* main takes the two locks when a detached thread has ended: in another run it might not have. */
#include "actors.h"

static pthread_mutex_t first = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t second = PTHREAD_MUTEX_INITIALIZER;

static void backward(void)
{
    pthread_mutex_lock(&second); /* EXPECT cycle: backward holds second */
    pthread_mutex_lock(&first);  /* EXPECT cycle: backward wants first */
    pthread_mutex_unlock(&first);
    pthread_mutex_unlock(&second);
    end_turn();
}

int main(void)
{
    pthread_setname_np(pthread_self(), "main");
    pthread_detach(START(backward)->thread);
    wait_for_turn(1);
    pthread_mutex_lock(&first);  /* EXPECT cycle: main holds first */
    pthread_mutex_lock(&second); /* EXPECT cycle: main wants second */
    pthread_mutex_unlock(&second);
    pthread_mutex_unlock(&first);
    return 0;
}
