/* Two threads lock and unlock one mutex in turn. */
/* EXPECT nothing: each unlocks what it has locked */
#include "../verdicts/actors.h"

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

static void owner(void)
{
    pthread_mutex_lock(&mutex);
    pthread_mutex_unlock(&mutex);
    end_turn();
}

static void stranger(void)
{
    wait_for_turn(1);
    pthread_mutex_lock(&mutex);
    pthread_mutex_unlock(&mutex);
}

int main(void)
{
    PLAY_TOGETHER(owner, stranger);
    return 0;
}
