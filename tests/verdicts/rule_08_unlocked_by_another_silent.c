/* A mutex is used as a signal: one thread locks it, another one unlocks it, and the first locks it again. The contract of mutexes
 * is broken, but nobody waits for ever. */
/* EXPECT misuse: title unlocker unlocks first, which locker holds */
#include "actors.h"

static pthread_mutex_t first = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t second = PTHREAD_MUTEX_INITIALIZER;

static void locker(void)
{
    pthread_mutex_lock(&first);
    end_turn();
    wait_for_turn(2);
    pthread_mutex_lock(&first);
    pthread_mutex_unlock(&first);
    pthread_mutex_lock(&second);
    pthread_mutex_unlock(&second);
}

static void unlocker(void)
{
    wait_for_turn(1);
    pthread_mutex_unlock(&first);
    pthread_mutex_lock(&second);
    pthread_mutex_lock(&first);
    pthread_mutex_unlock(&first);
    pthread_mutex_unlock(&second);
    end_turn();
}

int main(void)
{
    PLAY_TOGETHER(locker, unlocker);
    return 0;
}
