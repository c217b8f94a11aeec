/* A thread ends while it holds a mutex. */
#include "../verdicts/actors.h"

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

static void holder(void)
{
    pthread_mutex_lock(&mutex); /* EXPECT misuse: title holder ended while it held mutex; related */
}

int main(void)
{
    join(START(holder));
    return 0;
}
