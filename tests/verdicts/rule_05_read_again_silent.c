/* A reader reads again; the lock lets waiting writers go first, but nobody ever waits to write: a try does not. */
/* EXPECT nothing: no writer waits */
#include "actors.h"

static pthread_rwlock_t lock = PTHREAD_RWLOCK_WRITER_NONRECURSIVE_INITIALIZER_NP;

static void reader(void)
{
    pthread_rwlock_rdlock(&lock);
    pthread_rwlock_rdlock(&lock);
    pthread_rwlock_unlock(&lock);
    pthread_rwlock_unlock(&lock);
    end_turn();
}

static void writer(void)
{
    wait_for_turn(1);
    pthread_rwlock_trywrlock(&lock);
    pthread_rwlock_unlock(&lock);
}

int main(void)
{
    PLAY_TOGETHER(reader, writer);
    return 0;
}
