/* A program's own functions to lock and unlock: every acquisition has the same innermost line, and at the same stack depth the
 * same thread has come through it from other functions before. Each stack must name the right caller. */
#include "actors.h"

static pthread_mutex_t first = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t second = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t third = PTHREAD_MUTEX_INITIALIZER;

static void take(pthread_mutex_t *mutex)
{
    /* EXPECT cycle: forward holds first; forward wants second; backward holds second; backward wants first */
    pthread_mutex_lock(mutex);
}

static void release(pthread_mutex_t *outer, pthread_mutex_t *inner)
{
    pthread_mutex_unlock(inner);
    pthread_mutex_unlock(outer);
}

static void first_and_third(void)
{
    take(&first);
    take(&third);
    release(&first, &third);
}

static void second_and_third(void)
{
    take(&second);
    take(&third);
    release(&second, &third);
}

static void first_and_second(void)
{
    take(&first);  /* EXPECT cycle: forward holds first called here */
    take(&second); /* EXPECT cycle: forward wants second called here */
    release(&first, &second);
}

static void second_and_first(void)
{
    take(&second); /* EXPECT cycle: backward holds second called here */
    take(&first);  /* EXPECT cycle: backward wants first called here */
    release(&second, &first);
}

static void forward(void)
{
    first_and_third();
    second_and_third();
    first_and_second(); /* EXPECT cycle: forward holds first called here; forward wants second called here */
    end_turn();
}

static void backward(void)
{
    wait_for_turn(1);
    second_and_third();
    first_and_third();
    second_and_first(); /* EXPECT cycle: backward holds second called here; backward wants first called here */
}

int main(void)
{
    PLAY_TOGETHER(forward, backward);
    return 0;
}
