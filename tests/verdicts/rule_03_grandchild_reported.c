/* main takes the two locks after it has created a thread, whose child takes them in the other order. */
#include "actors.h"

static pthread_mutex_t first = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t second = PTHREAD_MUTEX_INITIALIZER;

static void backward(void)
{
    wait_for_turn(1);
    pthread_mutex_lock(&second); /* EXPECT cycle: backward holds second */
    pthread_mutex_lock(&first);  /* EXPECT cycle: backward wants first */
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
    struct actor *created = START(parent);
    pthread_mutex_lock(&first);  /* EXPECT cycle: main holds first */
    pthread_mutex_lock(&second); /* EXPECT cycle: main wants second */
    pthread_mutex_unlock(&second);
    pthread_mutex_unlock(&first);
    end_turn();
    join(created);
    return 0;
}
