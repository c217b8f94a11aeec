/* A read-write lock is unlocked once too often. */
#include "../verdicts/actors.h"

static pthread_rwlock_t lock = PTHREAD_RWLOCK_INITIALIZER;

int main(void)
{
    pthread_rwlock_rdlock(&lock);
    pthread_rwlock_unlock(&lock);
    /* EXPECT misuse: title unlocks lock, which nobody holds; fault unlock_rwlock_n concerns lock */
    pthread_rwlock_unlock(&lock);
    return 0;
}
