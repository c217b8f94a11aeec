/* A mutex is initialised where another one was held that nobody destroyed: the memory was something else in between. */
/* EXPECT nothing: what is there is no mutex */
#include "../verdicts/actors.h"

#include <string.h>

int main(void)
{
    static pthread_mutex_t mutex;
    memset(&mutex, 0x5a, sizeof mutex);
    pthread_mutex_init(&mutex, NULL);
    pthread_mutex_lock(&mutex);
    pthread_mutex_unlock(&mutex);
    pthread_mutex_init(&mutex, NULL);
    return 0;
}
