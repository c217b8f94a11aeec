/* Futures: work that is given away now, and asked for later: one by one, in the order of completion, all at once; with a
 * callback, an error, a cancellation.
 *
 *     build/release/samples/library/futures */
/* EXPECT nothing: futures take one lock at a time */
#include <errno.h>
#include <stdatomic.h>
#include <stdint.h>

#include <lockorder/lockorder.h>

#include "crew.h"

enum { SQUARES = 8 };

static struct lockorder_executor executor;
static struct lockorder_event gate;
static atomic_int called_back;

static int square(void *argument, void **result)
{
    intptr_t number = (intptr_t)argument;
    *result = (void *)(number * number);
    return 0;
}

static int fail(void *argument, void **result)
{
    (void)argument, (void)result;
    return EDOM;
}

static int wait_at_gate(void *argument, void **result)
{
    lockorder_event_wait(&gate);
    *result = argument;
    return 0;
}

static void call_back(void *closure, struct lockorder_future *future)
{
    (void)closure, (void)future;
    called_back++;
}

static void submit_one(void)
{
    struct lockorder_future *future;
    void *result;
    lockorder_executor_submit(&executor, square, (void *)7, &future);
    lockorder_future_add_callback(future, call_back, NULL);
    expect(lockorder_future_result(future, &result) == 0 && (intptr_t)result == 49, "the square of 7");
    lockorder_future_release(future);
    puts("submitted: 49");
}

static void map_many(void)
{
    void *numbers[SQUARES];
    struct lockorder_future *futures[SQUARES], *next;
    struct lockorder_as_completed completed;
    intptr_t sum = 0;
    for (intptr_t i = 0; i < SQUARES; i++)
        numbers[i] = (void *)(i + 1);
    lockorder_executor_map(&executor, square, numbers, SQUARES, futures);
    lockorder_as_completed_init(&completed, futures, SQUARES);
    while (lockorder_as_completed_next(&completed, &next, NULL) == 0) {
        void *result;
        lockorder_future_result(next, &result);
        sum += (intptr_t)result;
    }
    lockorder_as_completed_destroy(&completed);
    for (int i = 0; i < SQUARES; i++)
        lockorder_future_release(futures[i]);
    printf("mapped, in the order of completion: the sum is %ld\n", (long)sum);
    expect(sum == 204, "the sum of eight squares");
}

static void fail_and_cancel(void)
{
    struct lockorder_future *waiting, *failing, *cancelled;
    lockorder_executor_submit(&executor, wait_at_gate, NULL, &waiting); /* it keeps the only thread busy */
    lockorder_executor_submit(&executor, fail, NULL, &failing);
    lockorder_executor_submit(&executor, square, (void *)1, &cancelled);
    expect(lockorder_future_cancel(cancelled) == 0 && lockorder_future_is_cancelled(cancelled),
           "a cancellation before the beginning");
    lockorder_event_set(&gate);
    struct lockorder_future *both[] = {waiting, failing};
    lockorder_futures_wait(both, 2, LOCKORDER_ALL_COMPLETED, NULL);
    expect(lockorder_future_result(failing, NULL) == EDOM, "the error of the work");
    puts("an error is carried, and what has not begun can be cancelled");
    lockorder_future_release(waiting);
    lockorder_future_release(failing);
    lockorder_future_release(cancelled);
}

int main(void)
{
    lockorder_event_init(&gate, "gate");
    lockorder_executor_init(&executor, 1, "workers");
    submit_one();
    map_many();
    fail_and_cancel();
    lockorder_executor_shutdown(&executor, LOCKORDER_FINISH_QUEUED);
    lockorder_executor_destroy(&executor);
    lockorder_event_destroy(&gate);
    expect(called_back == 1, "one call of the callback");
    return 0;
}
