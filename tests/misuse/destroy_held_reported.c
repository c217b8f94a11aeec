/* A mutex is destroyed while it is held. */
#include "../verdicts/actors.h"

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

int main(void)
{
    pthread_mutex_lock(&mutex);    /* EXPECT misuse: related */
    pthread_mutex_destroy(&mutex); /* EXPECT misuse: title destroys mutex; fault destroy_held_re concerns mutex */
    return 0;
}
