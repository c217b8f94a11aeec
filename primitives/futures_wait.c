/* Waiting for several futures: those that get done are put into a queue. */
#include <errno.h>
#include <stdlib.h>

#include "observer.h"

int lockorder_as_completed_init(struct lockorder_as_completed *completed, struct lockorder_future *const *futures, size_t count)
{
    completed->count = count;
    completed->given = 0;
    completed->observers = calloc(count + 1, sizeof *completed->observers);
    if (completed->observers == NULL)
        return ENOMEM;
    /* Bounded, so that there is room from the start and putting never fails. */
    int error = lockorder_queue_init(&completed->done, LOCKORDER_FIFO, count + 1, NULL);
    if (error != 0) {
        free(completed->observers);
        return error;
    }
    for (size_t i = 0; i < count; i++)
        observer_enter(&completed->observers[i], futures[i], &completed->done);
    return 0;
}

void lockorder_as_completed_destroy(struct lockorder_as_completed *completed)
{
    for (size_t i = 0; i < completed->count; i++)
        observer_leave(&completed->observers[i]);
    free(completed->observers);
    lockorder_queue_destroy(&completed->done);
}

int lockorder_as_completed_next(struct lockorder_as_completed *completed, struct lockorder_future **future,
                                const struct lockorder_limit *limit)
{
    if (completed->given == completed->count)
        return ENOENT;
    void *item;
    int error = lockorder_queue_get_within(&completed->done, &item, limit);
    if (error != 0)
        return error;
    completed->given++;
    *future = item;
    return 0;
}

static int wait_for(struct lockorder_as_completed *completed, enum lockorder_when when, const struct lockorder_limit *limit)
{
    struct lockorder_future *future;
    int error;
    while ((error = lockorder_as_completed_next(completed, &future, limit)) == 0)
        if (when == LOCKORDER_FIRST_COMPLETED || (when == LOCKORDER_FIRST_ERROR && lockorder_future_result(future, NULL) != 0))
            return 0;
    return error == ENOENT ? 0 : error;
}

int lockorder_futures_wait(struct lockorder_future *const *futures, size_t count, enum lockorder_when when,
                           const struct lockorder_limit *limit)
{
    struct lockorder_as_completed completed;
    int error = lockorder_as_completed_init(&completed, futures, count);
    if (error != 0)
        return error;
    error = wait_for(&completed, when, limit);
    lockorder_as_completed_destroy(&completed);
    return error;
}
