/* main takes the two locks before the creation and, at the same lines, again after it: the second time counts. */
#include "actors.h"

static pthread_mutex_t first = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t second = PTHREAD_MUTEX_INITIALIZER;

static void take_both(void)
{
    pthread_mutex_lock(&first);  /* EXPECT cycle: main holds first */
    pthread_mutex_lock(&second); /* EXPECT cycle: main wants second */
    pthread_mutex_unlock(&second);
    pthread_mutex_unlock(&first);
}

static void backward(void)
{
    wait_for_turn(1);
    pthread_mutex_lock(&second); /* EXPECT cycle: backward holds second */
    pthread_mutex_lock(&first);  /* EXPECT cycle: backward wants first */
    pthread_mutex_unlock(&first);
    pthread_mutex_unlock(&second);
}

int main(void)
{
    pthread_setname_np(pthread_self(), "main");
    take_both();
    struct actor *created = START(backward);
    take_both();
    end_turn();
    join(created);
    return 0;
}
