/* EXPECT nothing: both threads take the first two in one order */
#include "actors.h"

enum { OTHERS = 30000, ROUNDS = 3 };

static pthread_mutex_t first = PTHREAD_MUTEX_INITIALIZER, second = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t others[OTHERS]; /* zeros, as PTHREAD_MUTEX_INITIALIZER */

static void nest_others(void)
{
    for (int i = 0; i < OTHERS; i++) {
        pthread_mutex_lock(&first);
        pthread_mutex_lock(&others[i]);
        pthread_mutex_unlock(&others[i]);
        pthread_mutex_unlock(&first);
    }
}

static void forward(void)
{
    for (int i = 0; i < ROUNDS; i++) {
        pthread_mutex_lock(&first);
        pthread_mutex_lock(&second);
        pthread_mutex_unlock(&second);
        pthread_mutex_unlock(&first);
        nest_others();
    }
    end_turn();
}

static void backward(void)
{
    wait_for_turn(1);
    pthread_mutex_lock(&first);
    pthread_mutex_lock(&second);
    pthread_mutex_unlock(&second);
    pthread_mutex_unlock(&first);
}

int main(void)
{
    PLAY_TOGETHER(forward, backward);
    return 0;
}
