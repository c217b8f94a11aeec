/* A library with a constructor that locks what the program exports. */
#include <pthread.h>

extern pthread_mutex_t mutex;

__attribute__((constructor)) static void begin(void)
{
    pthread_mutex_lock(&mutex); /* EXPECT cycle: forward wants mutex */
    pthread_mutex_unlock(&mutex);
}
