/* A mutex is unlocked that nobody has locked. */
#include "../verdicts/actors.h"

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

int main(void)
{
    /* EXPECT misuse: title unlocks mutex, which nobody holds; fault unlock_not_held concerns mutex */
    pthread_mutex_unlock(&mutex);
    return 0;
}
