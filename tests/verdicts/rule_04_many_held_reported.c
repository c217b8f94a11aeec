/* Two hundred locks are held at once; another thread takes the last one, then the first. */
#include "actors.h"

enum { LOCKS = 200 };

static pthread_mutex_t locks[LOCKS];

static void tower(void)
{
    pthread_mutex_lock(&locks[0]); /* EXPECT cycle: tower holds locks[0] */
    for (int i = 1; i < LOCKS - 1; i++)
        pthread_mutex_lock(&locks[i]);
    pthread_mutex_lock(&locks[LOCKS - 1]); /* EXPECT cycle: tower wants locks[199] */
    for (int i = LOCKS - 1; i >= 0; i--)
        pthread_mutex_unlock(&locks[i]);
    end_turn();
}

static void bridge(void)
{
    wait_for_turn(1);
    pthread_mutex_lock(&locks[LOCKS - 1]); /* EXPECT cycle: bridge holds locks[199] */
    pthread_mutex_lock(&locks[0]);         /* EXPECT cycle: bridge wants locks[0] */
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
