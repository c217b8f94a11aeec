/* Both threads take the guard at first; one of them does without it later, at the same lines. The pair of locks is not new then,
 * but the cycle is. */
#include "actors.h"

static pthread_mutex_t guard = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t first = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t second = PTHREAD_MUTEX_INITIALIZER;

static void forward(void)
{
    pthread_mutex_lock(&guard);
    pthread_mutex_lock(&first);  /* EXPECT cycle: forward holds first */
    pthread_mutex_lock(&second); /* EXPECT cycle: forward wants second */
    pthread_mutex_unlock(&second);
    pthread_mutex_unlock(&first);
    pthread_mutex_unlock(&guard);
    end_turn();
}

static void second_and_first(void)
{
    pthread_mutex_lock(&second); /* EXPECT cycle: backward holds second */
    pthread_mutex_lock(&first);  /* EXPECT cycle: backward wants first */
    pthread_mutex_unlock(&first);
    pthread_mutex_unlock(&second);
}

static void backward(void)
{
    wait_for_turn(1);
    for (int round = 0; round < 4; round++) {
        if (round < 3)
            pthread_mutex_lock(&guard);
        second_and_first();
        if (round < 3)
            pthread_mutex_unlock(&guard);
    }
}

int main(void)
{
    PLAY_TOGETHER(forward, backward);
    return 0;
}
