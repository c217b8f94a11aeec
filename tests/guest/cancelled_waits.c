/* Threads are cancelled in a condition wait: their cleanup handlers find the mutex locked, and unlock it. */
/* EXPECT nothing: one lock */
#include "guest.h"

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t never = PTHREAD_COND_INITIALIZER;
static pthread_barrier_t waiting;

static void unlock(void *locked)
{
    require(pthread_mutex_trylock(locked) == EBUSY, "a locked mutex in the cleanup handler");
    require(pthread_mutex_unlock(locked) == 0, "to unlock it");
}

static void *wait_for_ever(void *unused)
{
    pthread_mutex_lock(&mutex);
    pthread_cleanup_push(unlock, &mutex);
    pthread_barrier_wait(&waiting);
    for (;;)
        pthread_cond_wait(&never, &mutex);
    pthread_cleanup_pop(0);
    return unused;
}

int main(void)
{
    pthread_barrier_init(&waiting, NULL, 2);
    for (int i = 0; i < 500; i++) {
        pthread_t thread;
        void *result;
        require(pthread_create(&thread, NULL, wait_for_ever, NULL) == 0, "a thread");
        pthread_barrier_wait(&waiting);
        pthread_cancel(thread);
        pthread_join(thread, &result);
        require(result == PTHREAD_CANCELED, "a cancelled thread");
        require(pthread_mutex_trylock(&mutex) == 0, "a free mutex");
        pthread_mutex_unlock(&mutex);
    }
    puts("cancelled");
    return 0;
}
