/* Two threads transfer in opposite directions, by trying. As often in the field, nothing keeps their pace but that what they do
 * with the first lock takes much longer than to give way. They go on until both have failed very often in a row. */
#include <stdatomic.h>
#include <stdbool.h>
#include <time.h>

#include "../verdicts/actors.h"

enum { IN_A_ROW = 500, SIDES = 2 };

static const long long WORK = 50000 /* nanoseconds */, SECOND = 1000000000;

static pthread_mutex_t savings = PTHREAD_MUTEX_INITIALIZER, checking = PTHREAD_MUTEX_INITIALIZER;
static atomic_int failures[SIDES];
static atomic_bool over; /* for both: once one of them has ended, the other one gets on */

static bool goes_on(void)
{
    if (atomic_load(&failures[0]) >= IN_A_ROW && atomic_load(&failures[1]) >= IN_A_ROW)
        atomic_store(&over, true);
    return !atomic_load(&over);
}

static long long now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * SECOND + time.tv_nsec;
}

static void work(void)
{
    for (long long end = now() + WORK; now() < end;)
        ;
}

static void depositor(void)
{
    while (goes_on()) {
        pthread_mutex_lock(&checking);
        work();
        if (pthread_mutex_trylock(&savings) == 0) { /* EXPECT hazard: subkind livelock; suggests random; related */
            pthread_mutex_unlock(&savings);
            atomic_store(&failures[0], 0);
        } else {
            atomic_fetch_add(&failures[0], 1);
        }
        pthread_mutex_unlock(&checking);
    }
}

static void withdrawer(void)
{
    while (goes_on()) {
        pthread_mutex_lock(&savings);
        work();
        if (pthread_mutex_trylock(&checking) == 0) { /* EXPECT hazard: title tries checking; fault withdrawer concerns savings */
            pthread_mutex_unlock(&checking);
            atomic_store(&failures[1], 0);
        } else {
            atomic_fetch_add(&failures[1], 1);
        }
        pthread_mutex_unlock(&savings);
    }
}

int main(void)
{
    PLAY_TOGETHER(depositor, withdrawer);
    return 0;
}
