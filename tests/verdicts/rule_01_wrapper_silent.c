/* The same line locks for everybody, in one order. */
/* EXPECT nothing: the order of the locks counts, not that of the lines */
#include "actors.h"

static pthread_mutex_t first = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t second = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t third = PTHREAD_MUTEX_INITIALIZER;

static void take(pthread_mutex_t *mutex)
{
    pthread_mutex_lock(mutex);
}

static void take_and_release(pthread_mutex_t *outer, pthread_mutex_t *inner)
{
    take(outer);
    take(inner);
    pthread_mutex_unlock(inner);
    pthread_mutex_unlock(outer);
}

static void forward(void)
{
    take_and_release(&first, &third);
    take_and_release(&second, &third);
    take_and_release(&first, &second);
    end_turn();
}

static void backward(void)
{
    wait_for_turn(1);
    take_and_release(&first, &second);
    take_and_release(&second, &third);
    take_and_release(&first, &third);
}

int main(void)
{
    PLAY_TOGETHER(forward, backward);
    return 0;
}
