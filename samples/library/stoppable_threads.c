/* Threads that can be stopped: one polls, one is blocked in a queue that stays empty, one sleeps for an hour. None is ended from
 * outside: each hears the request, and returns.
 *
 *     build/release/samples/library/stoppable_threads */
/* EXPECT nothing: nothing is held in a wait */
#include <errno.h>
#include <sched.h>

#include <lockorder/lockorder.h>

#include "crew.h"

static struct lockorder_queue empty;
static struct lockorder_latch begun;

static struct lockorder_stop *my_stop(void)
{
    return lockorder_thread_stop(lockorder_thread_current());
}

static void poll_stop(void *result)
{
    lockorder_latch_count_down(&begun);
    while (!lockorder_stop_is_requested(my_stop()))
        sched_yield();
    *(int *)result = ECANCELED;
}

static void wait_for_item(void *result)
{
    struct lockorder_limit limit = lockorder_limit_stop(my_stop());
    void *item;
    lockorder_latch_count_down(&begun);
    *(int *)result = lockorder_queue_get_within(&empty, &item, &limit);
}

static void sleep_for_an_hour(void *result)
{
    struct lockorder_limit limit = lockorder_limit_after(3600 * LOCKORDER_SECOND);
    limit.stop = my_stop();
    lockorder_latch_count_down(&begun);
    *(int *)result = lockorder_sleep(&limit);
}

int main(void)
{
    struct lockorder_threads threads;
    int results[3] = {0};
    const struct lockorder_thread_options options[] = {
        {.name = "polls", .function = poll_stop, .argument = &results[0]},
        {.name = "waits", .function = wait_for_item, .argument = &results[1]},
        {.name = "sleeps", .function = sleep_for_an_hour, .argument = &results[2]},
    };
    lockorder_queue_init(&empty, LOCKORDER_FIFO, LOCKORDER_UNBOUNDED, "empty");
    lockorder_latch_init(&begun, 3, "begun");
    lockorder_threads_init(&threads, "threads");
    for (int i = 0; i < 3; i++)
        lockorder_thread_start(&threads, &options[i], NULL);
    lockorder_latch_wait(&begun);
    lockorder_threads_request_stop(&threads);
    lockorder_threads_join_all(&threads, NULL);
    for (int i = 0; i < 3; i++)
        printf("%s: %s\n", options[i].name, results[i] == ECANCELED ? "stopped" : "not stopped");
    lockorder_threads_destroy(&threads);
    lockorder_latch_destroy(&begun);
    lockorder_queue_destroy(&empty);
    return results[0] == ECANCELED && results[1] == ECANCELED && results[2] == ECANCELED ? 0 : 1;
}
