/* A stream's lock and a mutex, in both orders. */
#include "actors.h"

static FILE *stream;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

static void forward(void)
{
    /* PLACE once */
    /* EXPECT cycle: forward holds "stdio stream #N first locked at @once forward" */
    flockfile(stream);
    pthread_mutex_lock(&mutex); /* EXPECT cycle: forward wants mutex */
    pthread_mutex_unlock(&mutex);
    funlockfile(stream);
    end_turn();
}

static void backward(void)
{
    wait_for_turn(1);
    pthread_mutex_lock(&mutex); /* EXPECT cycle: backward holds mutex */
    flockfile(stream);          /* EXPECT cycle: backward wants "stdio stream #N first locked at @once forward" */
    funlockfile(stream);
    pthread_mutex_unlock(&mutex);
}

int main(void)
{
    stream = fopen("/dev/null", "w");
    require(stream != NULL, "/dev/null");
    PLAY_TOGETHER(forward, backward);
    return 0;
}
