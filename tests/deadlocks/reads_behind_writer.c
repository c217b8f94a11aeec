/* A reader reads once more, while a writer waits that goes first. */
/* EXPECT deadlock: title reader */
#include "../verdicts/actors.h"

static pthread_rwlock_t lock = PTHREAD_RWLOCK_WRITER_NONRECURSIVE_INITIALIZER_NP;

static void reader(void)
{
    pthread_rwlock_rdlock(&lock);
    end_turn();
    while (pthread_rwlock_tryrdlock(&lock) == 0) /* until the writer waits */
        pthread_rwlock_unlock(&lock);
    pthread_rwlock_rdlock(&lock);
}

static void writer(void)
{
    wait_for_turn(1);
    pthread_rwlock_wrlock(&lock);
}

int main(void)
{
    PLAY_TOGETHER(reader, writer);
    return 0;
}
