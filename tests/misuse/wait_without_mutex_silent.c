/* A thread waits at a condition with the mutex locked. */
/* EXPECT nothing: it holds it */
#include "../verdicts/actors.h"

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t condition = PTHREAD_COND_INITIALIZER;
static const struct timespec long_ago = {.tv_sec = 1};

int main(void)
{
    pthread_mutex_lock(&mutex);
    pthread_cond_timedwait(&condition, &mutex, &long_ago);
    pthread_mutex_unlock(&mutex);
    return 0;
}
