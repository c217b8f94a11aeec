/* Two readers of one lock want to write it; the first one waits with a time-out, so the second one is the first to be
 * stuck for good. */
#include <time.h>

#include "../verdicts/actors.h"

static pthread_rwlock_t lock = PTHREAD_RWLOCK_INITIALIZER;
static struct timespec much_later = {.tv_sec = (time_t)1 << 40};

static void patient(void)
{
    pthread_rwlock_rdlock(&lock);
    end_turn();
    wait_for_turn(2);
    pthread_rwlock_timedwrlock(&lock, &much_later);
}

static void reader(void)
{
    pthread_rwlock_rdlock(&lock); /* EXPECT deadlock: reader holds lock */
    end_turn();
    wait_for_turn(2);
    pthread_rwlock_wrlock(&lock); /* EXPECT deadlock: reader wants lock */
}

int main(void)
{
    PLAY_TOGETHER(patient, reader);
    return 0;
}
