/* A thread waits at a condition without having locked the mutex. */
#include "../verdicts/actors.h"

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t condition = PTHREAD_COND_INITIALIZER;
static const struct timespec long_ago = {.tv_sec = 1};

int main(void)
{
    /* EXPECT misuse: title waits at a condition with mutex, which it does not hold; fault wait_without_mu concerns mutex */
    pthread_cond_timedwait(&condition, &mutex, &long_ago);
    return 0;
}
