/* A thread releases the guard while it holds a lock that it took under it, and goes on as before, at the same lines. */
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

static void backward(void)
{
    wait_for_turn(1);
    pthread_mutex_lock(&guard);
    pthread_mutex_lock(&second); /* EXPECT cycle: backward holds second */
    for (int round = 0; round < 4; round++) {
        if (round == 3)
            pthread_mutex_unlock(&guard);
        pthread_mutex_lock(&first); /* EXPECT cycle: backward wants first */
        pthread_mutex_unlock(&first);
    }
    pthread_mutex_unlock(&second);
}

int main(void)
{
    PLAY_TOGETHER(forward, backward);
    return 0;
}
