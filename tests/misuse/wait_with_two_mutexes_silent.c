/* A condition is waited at with one mutex, and, when nobody waits any more, with another one. */
/* EXPECT nothing: never at the same time */
#include "../verdicts/actors.h"

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t other = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t condition = PTHREAD_COND_INITIALIZER;
static const struct timespec long_ago = {.tv_sec = 1};

int main(void)
{
    pthread_mutex_lock(&mutex);
    pthread_cond_timedwait(&condition, &mutex, &long_ago);
    pthread_mutex_unlock(&mutex);
    pthread_mutex_lock(&other);
    pthread_cond_timedwait(&condition, &other, &long_ago);
    pthread_mutex_unlock(&other);
    return 0;
}
