/* A mutex is initialised while it is held. */
#include "../verdicts/actors.h"

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

int main(void)
{
    pthread_mutex_lock(&mutex);       /* EXPECT misuse: related */
    pthread_mutex_init(&mutex, NULL); /* EXPECT misuse: title initialises mutex; fault init_held_repor concerns mutex */
    return 0;
}
