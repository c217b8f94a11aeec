/* One function takes locks through another one at several lines: same depth, same two functions, only the line of the call
 * differs. */
#include "actors.h"

static pthread_mutex_t first = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t second = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t third = PTHREAD_MUTEX_INITIALIZER;

static void take(pthread_mutex_t *mutex)
{
    /* EXPECT cycle: forward holds first; forward wants second; backward holds second; backward wants first */
    pthread_mutex_lock(mutex);
}

static void release(pthread_mutex_t *mutex)
{
    pthread_mutex_unlock(mutex);
}

static void forward(void)
{
    take(&first);
    take(&third);
    release(&third);
    release(&first);
    take(&first);  /* EXPECT cycle: forward holds first called here */
    take(&second); /* EXPECT cycle: forward wants second called here */
    release(&second);
    release(&first);
    end_turn();
}

static void backward(void)
{
    wait_for_turn(1);
    take(&second);
    take(&third);
    release(&third);
    release(&second);
    take(&second); /* EXPECT cycle: backward holds second called here */
    take(&first);  /* EXPECT cycle: backward wants first called here */
    release(&first);
    release(&second);
}

int main(void)
{
    PLAY_TOGETHER(forward, backward);
    return 0;
}
