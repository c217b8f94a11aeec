/* A thread releases the guard before the lock that it took under it, but takes no lock in between. */
/* EXPECT nothing: the guard is held whenever both locks are taken */
#include "actors.h"

static pthread_mutex_t guard = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t first = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t second = PTHREAD_MUTEX_INITIALIZER;

static void forward(void)
{
    pthread_mutex_lock(&guard);
    pthread_mutex_lock(&first);
    pthread_mutex_lock(&second);
    pthread_mutex_unlock(&second);
    pthread_mutex_unlock(&first);
    pthread_mutex_unlock(&guard);
    end_turn();
}

static void backward(void)
{
    wait_for_turn(1);
    pthread_mutex_lock(&guard);
    pthread_mutex_lock(&second);
    for (int round = 0; round < 4; round++) {
        pthread_mutex_lock(&first);
        pthread_mutex_unlock(&first);
    }
    pthread_mutex_unlock(&guard);
    pthread_mutex_unlock(&second);
}

int main(void)
{
    PLAY_TOGETHER(forward, backward);
    return 0;
}
