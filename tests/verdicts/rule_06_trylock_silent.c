/* One thread takes its second lock by trylock. */
/* EXPECT nothing: a try does not wait, so this thread never waits for the other */
#include "actors.h"

static pthread_mutex_t first = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t second = PTHREAD_MUTEX_INITIALIZER;

static void forward(void)
{
    pthread_mutex_lock(&first);
    require(pthread_mutex_trylock(&second) == 0, "a free second");
    pthread_mutex_unlock(&second);
    pthread_mutex_unlock(&first);
    end_turn();
}

static void backward(void)
{
    wait_for_turn(1);
    pthread_mutex_lock(&second);
    pthread_mutex_lock(&first);
    pthread_mutex_unlock(&first);
    pthread_mutex_unlock(&second);
}

int main(void)
{
    PLAY_TOGETHER(forward, backward);
    return 0;
}
