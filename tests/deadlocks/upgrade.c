/* A reader wants to write what it reads. */
#include "../verdicts/actors.h"

static pthread_rwlock_t lock = PTHREAD_RWLOCK_INITIALIZER;

static void reader(void)
{
    pthread_rwlock_rdlock(&lock); /* EXPECT deadlock: reader holds lock */
    pthread_rwlock_wrlock(&lock); /* EXPECT deadlock: reader wants lock */
}

int main(void)
{
    join(START(reader));
    return 0;
}
