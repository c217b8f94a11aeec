/* A plug-in with locks of its own. */
#include "guest.h"

static pthread_mutex_t first = PTHREAD_MUTEX_INITIALIZER, second = PTHREAD_MUTEX_INITIALIZER;

void plugin_work(void);

void plugin_work(void)
{
    lock_both(&first, &second);
}
