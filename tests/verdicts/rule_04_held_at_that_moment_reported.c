/* The first lock is still held when the third one is taken. */
#include "actors.h"

static pthread_mutex_t first = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t second = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t third = PTHREAD_MUTEX_INITIALIZER;

static void forward(void)
{
    pthread_mutex_lock(&first); /* EXPECT cycle: forward holds first */
    pthread_mutex_lock(&second);
    pthread_mutex_lock(&third); /* EXPECT cycle: forward wants third */
    pthread_mutex_unlock(&third);
    pthread_mutex_unlock(&second);
    pthread_mutex_unlock(&first);
    end_turn();
}

static void backward(void)
{
    wait_for_turn(1);
    pthread_mutex_lock(&third); /* EXPECT cycle: backward holds third */
    pthread_mutex_lock(&first); /* EXPECT cycle: backward wants first */
    pthread_mutex_unlock(&first);
    pthread_mutex_unlock(&third);
}

int main(void)
{
    PLAY_TOGETHER(forward, backward);
    return 0;
}
