/* A thread unlocks in a destructor of thread-specific data, when its function has returned. */
/* EXPECT nothing: the thread has not ended yet */
#include "../verdicts/actors.h"

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_key_t key;

static void unlock(void *locked)
{
    pthread_mutex_unlock(locked);
}

static void holder(void)
{
    pthread_mutex_lock(&mutex);
    pthread_setspecific(key, &mutex);
}

int main(void)
{
    pthread_key_create(&key, unlock);
    join(START(holder));
    return 0;
}
