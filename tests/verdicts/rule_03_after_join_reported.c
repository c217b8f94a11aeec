/* main takes the two locks before it joins a thread that takes them in the other order. */
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
    struct actor *created = START(backward);
    wait_for_turn(1);
    pthread_mutex_lock(&first);  /* EXPECT cycle: main holds first */
    pthread_mutex_lock(&second); /* EXPECT cycle: main wants second */
    pthread_mutex_unlock(&second);
    pthread_mutex_unlock(&first);
    join(created);
    return 0;
}
