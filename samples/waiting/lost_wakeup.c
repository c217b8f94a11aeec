/* A wake-up that is lost: the signal comes before the wait, and a condition remembers nothing. By default the waiter gives up
 * after a while; with --hang it would wait for ever, though no lock is held by anybody: lockorder has no lock order to complain
 * of, and in a hang lists the wait with --stall-after.
 *
 *     lockorder run -- build/release/samples/waiting/lost_wakeup
 *     lockorder run --stall-after=1 -- build/release/samples/waiting/lost_wakeup --hang
 *
 * kept_wakeup.c is the repair. */
/* EXPECT nothing: no lock is taken under another one */
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <time.h>

#include "../stage.h"

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t arrived = PTHREAD_COND_INITIALIZER;

static int wait_a_while(void)
{
    struct timespec until;
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_nsec += 50000000;
    until.tv_sec += until.tv_nsec / 1000000000;
    until.tv_nsec %= 1000000000;
    return pthread_cond_timedwait(&arrived, &mutex, &until);
}

int main(int argc, char **argv)
{
    stage_open(argc, argv);
    pthread_mutex_lock(&mutex);
    pthread_cond_signal(&arrived); /* nobody waits yet */
    pthread_mutex_unlock(&mutex);

    pthread_mutex_lock(&mutex);
    int result = stage_hangs() ? pthread_cond_wait(&arrived, &mutex) : wait_a_while();
    pthread_mutex_unlock(&mutex);
    puts(result == ETIMEDOUT ? "the wake-up was lost" : "woken");
    return 0;
}
