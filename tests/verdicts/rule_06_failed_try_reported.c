/* A trylock that succeeded: its lock is held when the second one is taken. */
#include "actors.h"

static pthread_mutex_t first = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t second = PTHREAD_MUTEX_INITIALIZER;

static void owner(void)
{
    pthread_mutex_lock(&first);
    pthread_mutex_unlock(&first);
    pthread_mutex_lock(&second); /* EXPECT cycle: owner holds second */
    pthread_mutex_lock(&first);  /* EXPECT cycle: owner wants first */
    pthread_mutex_unlock(&first);
    pthread_mutex_unlock(&second);
    end_turn();
}

static void trier(void)
{
    wait_for_turn(1);
    /* EXPECT cycle: trier holds first */
    require(pthread_mutex_trylock(&first) == 0, "a free first");
    pthread_mutex_lock(&second); /* EXPECT cycle: trier wants second */
    pthread_mutex_unlock(&second);
    pthread_mutex_unlock(&first);
}

int main(void)
{
    PLAY_TOGETHER(owner, trier);
    return 0;
}
