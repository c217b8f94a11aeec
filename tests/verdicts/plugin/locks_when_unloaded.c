/* A library with a destructor that locks what the program exports. */
#include <pthread.h>

extern pthread_mutex_t mutex;

__attribute__((destructor)) static void end(void)
{
    pthread_mutex_lock(&mutex); /* EXPECT cycle: forward wants mutex */
    pthread_mutex_unlock(&mutex);
}
