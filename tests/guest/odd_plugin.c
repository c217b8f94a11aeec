/* A plug-in with locks of its own, which also locks what it is given. */
#include "guest.h"

void plugin_work(void);
void plugin_lock(pthread_mutex_t *mutex);
void plugin_unlock(pthread_mutex_t *mutex);

static pthread_mutex_t first = PTHREAD_MUTEX_INITIALIZER, second = PTHREAD_MUTEX_INITIALIZER;

void plugin_work(void)
{
    lock_both(&first, &second);
}

void plugin_lock(pthread_mutex_t *mutex)
{
    pthread_mutex_lock(mutex);
}

void plugin_unlock(pthread_mutex_t *mutex)
{
    pthread_mutex_unlock(mutex);
}
