/* A thread that reads reads once more, and tries in vain to write. */
/* EXPECT nothing: readers do not wait for themselves */
#include <errno.h>

#include "actors.h"

static pthread_rwlock_t lock = PTHREAD_RWLOCK_INITIALIZER;

static void reader(void)
{
    pthread_rwlock_rdlock(&lock);
    pthread_rwlock_rdlock(&lock);
    require(pthread_rwlock_trywrlock(&lock) == EBUSY, "a lock that is read");
    pthread_rwlock_unlock(&lock);
    pthread_rwlock_unlock(&lock);
}

int main(void)
{
    join(START(reader));
    return 0;
}
