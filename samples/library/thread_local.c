/* A value of which each thread has its own: a counter that no lock protects, since nobody else can see it. It is made at its
 * first use, and destroyed at the thread's end.
 *
 *     build/release/samples/library/thread_local */
/* EXPECT nothing: nothing is shared but the total */
#include <stdatomic.h>

#include <lockorder/lockorder.h>

#include "crew.h"

enum { THREADS = 8, ROUNDS = 100 };

static struct lockorder_local counter;
static struct lockorder_lock totals = LOCKORDER_LOCK_INITIALIZER;
static atomic_int made, destroyed;
static int total; /* protected by totals */

static void *make(void)
{
    made++;
    return calloc(1, sizeof(int));
}

static void destroy(void *value)
{
    lockorder_lock_acquire(&totals);
    total += *(int *)value;
    lockorder_lock_release(&totals);
    destroyed++;
    free(value);
}

static void *count(void *unused)
{
    for (int i = 0; i < ROUNDS; i++)
        ++*(int *)lockorder_local_get(&counter);
    return unused;
}

int main(void)
{
    struct crew threads;
    lockorder_local_init(&counter, make, destroy);
    crew_start(&threads, THREADS, count, NULL);
    crew_join(&threads);
    lockorder_local_destroy(&counter);
    printf("counters made: %d, destroyed: %d, counted: %d\n", made, destroyed, total);
    return made == THREADS && destroyed == THREADS && total == THREADS * ROUNDS ? 0 : 1;
}
