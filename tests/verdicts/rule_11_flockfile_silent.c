/* A stream's lock is tried for with the mutex held. */
/* EXPECT nothing: a try does not wait */
#include "actors.h"

static FILE *stream;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

static void forward(void)
{
    flockfile(stream);
    pthread_mutex_lock(&mutex);
    pthread_mutex_unlock(&mutex);
    funlockfile(stream);
    end_turn();
}

static void backward(void)
{
    wait_for_turn(1);
    pthread_mutex_lock(&mutex);
    require(ftrylockfile(stream) == 0, "a free stream");
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
