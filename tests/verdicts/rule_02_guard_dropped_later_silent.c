/* Both threads take the guard, one of them only when it matters: alone, the second lock needs no guard. */
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
    for (int round = 0; round < 4; round++) {
        if (round < 3)
            pthread_mutex_lock(&guard);
        pthread_mutex_lock(&second);
        if (round < 3) {
            pthread_mutex_lock(&first);
            pthread_mutex_unlock(&first);
        }
        pthread_mutex_unlock(&second);
        if (round < 3)
            pthread_mutex_unlock(&guard);
    }
}

int main(void)
{
    PLAY_TOGETHER(forward, backward);
    return 0;
}
