/* Keeps the loader busy in its constructor, and locks there. */
#include "guest.h"

extern pthread_barrier_t plugin_is_loading, others_have_locked;

static pthread_mutex_t first = PTHREAD_MUTEX_INITIALIZER, second = PTHREAD_MUTEX_INITIALIZER;

__attribute__((constructor)) static void construct(void)
{
    lock_both(&first, &second);
    pthread_barrier_wait(&plugin_is_loading);
    pthread_barrier_wait(&others_have_locked);
}
