/* Both locks are taken in one order, and the first one is given back and taken again while the second one is still held. */
#include "actors.h"

static pthread_mutex_t first = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t second = PTHREAD_MUTEX_INITIALIZER;

static void again(void)
{
    pthread_mutex_lock(&first);
    pthread_mutex_lock(&second); /* EXPECT cycle: again holds second */
    pthread_mutex_unlock(&first);
    pthread_mutex_lock(&first); /* EXPECT cycle: again wants first */
    pthread_mutex_unlock(&first);
    pthread_mutex_unlock(&second);
    end_turn();
}

static void both(void)
{
    wait_for_turn(1);
    pthread_mutex_lock(&first);  /* EXPECT cycle: both holds first */
    pthread_mutex_lock(&second); /* EXPECT cycle: both wants second */
    pthread_mutex_unlock(&second);
    pthread_mutex_unlock(&first);
}

int main(void)
{
    PLAY_TOGETHER(again, both);
    return 0;
}
