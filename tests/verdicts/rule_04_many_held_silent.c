/* Of two hundred locks held, the first one is released before the last one is taken. */
/* EXPECT nothing: the first lock is not held when the last one is taken */
#include "actors.h"

enum { LOCKS = 200 };

static pthread_mutex_t locks[LOCKS];

static void tower(void)
{
    pthread_mutex_lock(&locks[0]);
    for (int i = 1; i < LOCKS - 1; i++)
        pthread_mutex_lock(&locks[i]);
    pthread_mutex_unlock(&locks[0]);
    pthread_mutex_lock(&locks[LOCKS - 1]);
    for (int i = LOCKS - 1; i >= 1; i--)
        pthread_mutex_unlock(&locks[i]);
    end_turn();
}

static void bridge(void)
{
    wait_for_turn(1);
    pthread_mutex_lock(&locks[LOCKS - 1]);
    pthread_mutex_lock(&locks[0]);
    pthread_mutex_unlock(&locks[0]);
    pthread_mutex_unlock(&locks[LOCKS - 1]);
}

int main(void)
{
    for (int i = 0; i < LOCKS; i++)
        pthread_mutex_init(&locks[i], NULL);
    PLAY_TOGETHER(tower, bridge);
    return 0;
}
