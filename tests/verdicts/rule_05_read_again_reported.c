/* A reader reads again, and waits for a writer that comes in between: one that holds nothing else. */
#include "actors.h"

static pthread_rwlock_t lock = PTHREAD_RWLOCK_WRITER_NONRECURSIVE_INITIALIZER_NP;

static void reader(void)
{
    pthread_rwlock_rdlock(&lock); /* EXPECT cycle: reader holds lock */
    pthread_rwlock_rdlock(&lock); /* EXPECT cycle: reader wants lock */
    pthread_rwlock_unlock(&lock);
    pthread_rwlock_unlock(&lock);
    end_turn();
}

static void writer(void)
{
    wait_for_turn(1);
    pthread_rwlock_wrlock(&lock);
    pthread_rwlock_unlock(&lock);
}

int main(void)
{
    PLAY_TOGETHER(reader, writer);
    return 0;
}
