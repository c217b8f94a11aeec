/* Producers and consumers with a queue: no lock in sight. Here with a sentinel, the old way to say that nothing more comes;
 * closing the queue says so to any number of consumers. task_done and join tell when the work is done, not only taken.
 *
 *     build/release/samples/library/producer_queue */
/* EXPECT nothing: queues take one lock at a time */
#include <stdatomic.h>

#include <lockorder/lockorder.h>

#include "crew.h"

enum { CONSUMERS = 3, ITEMS = 100 };

static struct lockorder_queue jobs;
static atomic_int done;
static char last; /* the sentinel: an item like no other */

static void *until_sentinel(void *unused)
{
    void *item;
    while (lockorder_queue_get(&jobs, &item) == 0 && item != &last) {
        done++;
        lockorder_queue_task_done(&jobs);
    }
    lockorder_queue_task_done(&jobs);
    return unused;
}

static void *until_closed(void *unused)
{
    void *item;
    while (lockorder_queue_get(&jobs, &item) == 0) {
        done++;
        lockorder_queue_task_done(&jobs);
    }
    return unused;
}

static void produce(void)
{
    static int items[ITEMS];
    for (int i = 0; i < ITEMS; i++)
        lockorder_queue_put(&jobs, &items[i]);
}

int main(void)
{
    struct crew consumers;
    lockorder_queue_init(&jobs, LOCKORDER_FIFO, 10, "jobs"); /* ten places: a producer that is too fast waits */
    crew_start(&consumers, CONSUMERS, until_sentinel, NULL);
    produce();
    for (int i = 0; i < CONSUMERS; i++)
        lockorder_queue_put(&jobs, &last); /* one for each */
    lockorder_queue_join(&jobs);
    printf("until the sentinel: %d\n", done);
    crew_join(&consumers);

    crew_start(&consumers, CONSUMERS, until_closed, NULL);
    produce();
    lockorder_queue_close(&jobs);
    crew_join(&consumers);
    printf("until the close: %d\n", done);
    lockorder_queue_destroy(&jobs);
    return done == 2 * ITEMS ? 0 : 1;
}
