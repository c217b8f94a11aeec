/* Both locks are taken in one order; then one thread takes the first one alone, and the other thread the second one alone. */
/* EXPECT nothing: who takes one lock alone waits for it while holding nothing */
#include "actors.h"

static pthread_mutex_t first = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t second = PTHREAD_MUTEX_INITIALIZER;

static void both(void)
{
    pthread_mutex_lock(&first);
    pthread_mutex_lock(&second);
    pthread_mutex_unlock(&first);
    pthread_mutex_unlock(&second);
    pthread_mutex_lock(&first);
    pthread_mutex_unlock(&first);
    end_turn();
}

static void one(void)
{
    wait_for_turn(1);
    pthread_mutex_lock(&second);
    pthread_mutex_unlock(&second);
    pthread_mutex_lock(&first);
    pthread_mutex_unlock(&first);
}

int main(void)
{
    PLAY_TOGETHER(both, one);
    return 0;
}
