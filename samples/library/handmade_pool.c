/* A pool made by hand, of threads that take tasks from a queue, and the library's: the same work, and the same result. What the
 * library's adds: results, errors, callbacks, and an answer to what happens to the tasks that are left.
 *
 *     build/release/samples/library/handmade_pool */
/* EXPECT nothing: tasks hold nothing */
#include <stdatomic.h>

#include <lockorder/lockorder.h>

#include "crew.h"

enum { WORKERS = 4, TASKS = 200 };

static atomic_long sum;
static int numbers[TASKS];

static void *work_by_hand(void *argument)
{
    void *number;
    while (lockorder_queue_get(argument, &number) == 0)
        sum += *(int *)number;
    return NULL;
}

static long by_hand(void)
{
    struct lockorder_queue tasks;
    struct crew workers;
    sum = 0;
    lockorder_queue_init(&tasks, LOCKORDER_SIMPLE, LOCKORDER_UNBOUNDED, "tasks");
    crew_start(&workers, WORKERS, work_by_hand, &tasks);
    for (int i = 0; i < TASKS; i++)
        lockorder_queue_put(&tasks, &numbers[i]);
    lockorder_queue_close(&tasks);
    crew_join(&workers);
    lockorder_queue_destroy(&tasks);
    return sum;
}

static int work(void *argument, void **result)
{
    sum += *(int *)argument;
    *result = NULL;
    return 0;
}

static long by_library(void)
{
    struct lockorder_thread_pool pool;
    sum = 0;
    lockorder_thread_pool_init(&pool, WORKERS, "workers");
    for (int i = 0; i < TASKS; i++)
        lockorder_thread_pool_apply_async(&pool, work, &numbers[i], NULL);
    lockorder_thread_pool_close(&pool, LOCKORDER_FINISH_QUEUED);
    lockorder_thread_pool_join(&pool);
    lockorder_thread_pool_destroy(&pool);
    return sum;
}

int main(void)
{
    for (int i = 0; i < TASKS; i++)
        numbers[i] = i + 1;
    long hand = by_hand(), library = by_library();
    printf("by hand: %ld\nby the library: %ld\n", hand, library);
    return hand == library && hand == TASKS * (TASKS + 1) / 2 ? 0 : 1;
}
