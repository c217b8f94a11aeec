/* A trylock that failed: its lock is not held when the second one is taken. */
/* EXPECT nothing: the thread that tried in vain holds nothing when it waits */
#include <errno.h>

#include "actors.h"

static pthread_mutex_t first = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t second = PTHREAD_MUTEX_INITIALIZER;

static void owner(void)
{
    pthread_mutex_lock(&second);
    pthread_mutex_lock(&first);
    pthread_mutex_unlock(&second);
    end_turn();
    wait_for_turn(2);
    pthread_mutex_unlock(&first);
}

static void trier(void)
{
    wait_for_turn(1);
    require(pthread_mutex_trylock(&first) == EBUSY, "that first is taken");
    pthread_mutex_lock(&second);
    pthread_mutex_unlock(&second);
    end_turn();
}

int main(void)
{
    PLAY_TOGETHER(owner, trier);
    return 0;
}
