/* A mutex is locked after it was destroyed. */
#include "../verdicts/actors.h"

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

int main(void)
{
    pthread_mutex_destroy(&mutex);
    pthread_mutex_lock(&mutex); /* EXPECT misuse: title uses mutex; fault use_destroyed_r concerns mutex */
    return 0;
}
