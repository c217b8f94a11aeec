/* One function takes locks through another one at several lines, in one order of the locks. */
/* EXPECT nothing: whichever line it is, first comes before second */
#include "actors.h"

static pthread_mutex_t first = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t second = PTHREAD_MUTEX_INITIALIZER;

static void take(pthread_mutex_t *mutex)
{
    pthread_mutex_lock(mutex);
}

static void release(pthread_mutex_t *mutex)
{
    pthread_mutex_unlock(mutex);
}

static void forward(void)
{
    take(&first);
    release(&first);
    take(&first);
    take(&second);
    release(&first);
    release(&second);
    end_turn();
}

static void backward(void)
{
    wait_for_turn(1);
    take(&second);
    release(&second);
    take(&first);
    take(&second);
    release(&second);
    release(&first);
}

int main(void)
{
    PLAY_TOGETHER(forward, backward);
    return 0;
}
