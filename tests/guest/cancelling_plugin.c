/* A plug-in that tells threads to end. */
#include <pthread.h>

int plugin_cancel(pthread_t thread);

int plugin_cancel(pthread_t thread)
{
    return pthread_cancel(thread);
}
