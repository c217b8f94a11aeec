/* A mutex is unlocked by a thread that did not lock it. */
#include "../verdicts/actors.h"

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

static void owner(void)
{
    pthread_mutex_lock(&mutex); /* EXPECT misuse: related */
    end_turn();
    wait_for_turn(2);
}

static void stranger(void)
{
    wait_for_turn(1);
    /* EXPECT misuse: title stranger unlocks mutex, which owner holds; fault stranger concerns mutex */
    pthread_mutex_unlock(&mutex);
    end_turn();
}

int main(void)
{
    PLAY_TOGETHER(owner, stranger);
    return 0;
}
