/* A thread pool whose tasks complete futures. */
#include <errno.h>
#include <stdlib.h>

#include <lockorder/future.h>

#include "pool.h"

/* Holds one reference to the future. */
struct submission {
    struct lockorder_future *future;
    lockorder_work work;
    void *argument;
};

int lockorder_executor_init(struct lockorder_executor *executor, unsigned threads, const char *name)
{
    return lockorder_thread_pool_init(&executor->pool, threads, name);
}

int lockorder_executor_destroy(struct lockorder_executor *executor)
{
    return lockorder_thread_pool_destroy(&executor->pool);
}

static int work_on(void *argument, void **result)
{
    struct submission *submission = argument;
    int error = lockorder_future_begin(submission->future);
    return error != 0 ? error : submission->work(submission->argument, result);
}

static void end(struct submission *submission, void *result, int error)
{
    lockorder_future_complete(submission->future, result, error); /* EALREADY: it was cancelled */
    lockorder_future_release(submission->future);
    free(submission);
}

static void done(void *closure, void *result)
{
    end(closure, result, 0);
}

static void failed(void *closure, int error)
{
    end(closure, NULL, error);
}

int lockorder_executor_submit(struct lockorder_executor *executor, lockorder_work work, void *argument,
                              struct lockorder_future **future)
{
    struct lockorder_future *created;
    struct submission *submission = malloc(sizeof *submission);
    if (submission == NULL)
        return ENOMEM;
    int error = lockorder_future_create(&created);
    if (error != 0) {
        free(submission);
        return error;
    }
    lockorder_future_retain(created);
    *submission = (struct submission){created, work, argument};
    struct lockorder_callbacks callbacks = {done, failed, submission};
    error = lockorder_thread_pool_apply_async(&executor->pool, work_on, submission, &callbacks);
    if (error != 0) {
        end(submission, NULL, error);
        lockorder_future_release(created);
        return error;
    }
    *future = created;
    return 0;
}

int lockorder_executor_map(struct lockorder_executor *executor, lockorder_work work, void *const *arguments, size_t count,
                           struct lockorder_future **futures)
{
    for (size_t i = 0; i < count; i++) {
        int error = lockorder_executor_submit(executor, work, arguments[i], &futures[i]);
        if (error == 0)
            continue;
        while (i-- > 0) {
            lockorder_future_cancel(futures[i]);
            lockorder_future_release(futures[i]);
        }
        return error;
    }
    return 0;
}

int lockorder_executor_shutdown(struct lockorder_executor *executor, enum lockorder_queued queued)
{
    if (pool_is_mine(&executor->pool))
        return EDEADLK;
    lockorder_thread_pool_close(&executor->pool, queued);
    return lockorder_thread_pool_join(&executor->pool);
}
