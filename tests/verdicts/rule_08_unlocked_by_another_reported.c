/* As its twin, but the other thread unlocks and locks again only after the first one has taken the second mutex inside: that
 * order was real while it lasted. */
/* EXPECT misuse: title unlocker unlocks first, which locker holds */
#include "actors.h"

static pthread_mutex_t first = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t second = PTHREAD_MUTEX_INITIALIZER;

static void locker(void)
{
    pthread_mutex_lock(&first);  /* EXPECT cycle: locker holds first */
    pthread_mutex_lock(&second); /* EXPECT cycle: locker wants second */
    pthread_mutex_unlock(&second);
    end_turn();
    wait_for_turn(2); /* else it might end with the mutex locked, another misuse */
}

static void unlocker(void)
{
    wait_for_turn(1);
    pthread_mutex_unlock(&first);
    end_turn();
    pthread_mutex_lock(&second); /* EXPECT cycle: unlocker holds second */
    pthread_mutex_lock(&first);  /* EXPECT cycle: unlocker wants first */
    pthread_mutex_unlock(&first);
    pthread_mutex_unlock(&second);
}

int main(void)
{
    PLAY_TOGETHER(locker, unlocker);
    return 0;
}
