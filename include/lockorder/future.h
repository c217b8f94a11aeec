/* The outcome of work that is not done yet; and an executor, a thread pool that gives futures.
 *
 *     lockorder_executor_submit(&executor, measure, &sample, &future);
 *     ...
 *     void *result;
 *     int error = lockorder_future_result(future, &result);    // waits; the error is what `measure` returned
 *     lockorder_future_release(future);
 *
 * A future is pending, then running, then done: with a result, or with an error, or cancelled, which is the error ECANCELED. It is
 * shared: it stays valid until every pointer to it that a call gave has been released.
 * Safety: any thread; not in signal handlers. What the work wrote is seen by who learnt from the future that it is done. */
#ifndef LOCKORDER_FUTURE_H
#define LOCKORDER_FUTURE_H

#include <stdbool.h>
#include <stddef.h>

#include "limit.h"
#include "thread_pool.h"

#ifdef __cplusplus
extern "C" {
#endif

struct lockorder_future;

/* A future that is completed by your own code, instead of by an executor. To be released. ENOMEM. */
int lockorder_future_create(struct lockorder_future **future);

/* The work begins: from now on it cannot be cancelled. ECANCELED: it was; leave it. EALREADY: it had begun, or is done. */
int lockorder_future_begin(struct lockorder_future *future);

/* The work is done, whether lockorder_future_begin was called or not: error 0 and a result, or an error. EALREADY: it was done, or
 * was cancelled. */
int lockorder_future_complete(struct lockorder_future *future, void *result, int error);

void lockorder_future_retain(struct lockorder_future *future);
void lockorder_future_release(struct lockorder_future *future);

/* EBUSY: the work has begun. EALREADY: it is done. */
int lockorder_future_cancel(struct lockorder_future *future);

bool lockorder_future_is_running(struct lockorder_future *future);
bool lockorder_future_is_done(struct lockorder_future *future);
bool lockorder_future_is_cancelled(struct lockorder_future *future);

/* Waits until it is done, and returns the work's error. `result`, which may be NULL, is set if that is 0. */
int lockorder_future_result(struct lockorder_future *future, void **result);

/* Waits until it is done: 0, and `error` is the work's, and if that is 0, `result` is set; both may be NULL. ETIMEDOUT, ECANCELED: the
 * limit (CLOCK_MONOTONIC; NULL: none) came first. */
int lockorder_future_result_within(struct lockorder_future *future, void **result, int *error,
                                   const struct lockorder_limit *limit);

/* Has function(closure, future) called once it is done, in the thread that completes it, or at once if it is. Callbacks are called in
 * the order in which they were added, without any lock. ENOMEM. */
int lockorder_future_add_callback(struct lockorder_future *future, void (*function)(void *closure, struct lockorder_future *future),
                                  void *closure);

enum lockorder_when { LOCKORDER_FIRST_COMPLETED, LOCKORDER_FIRST_ERROR, LOCKORDER_ALL_COMPLETED };

/* Waits until one of the futures is done, or one has failed or all are done, or all are done. ETIMEDOUT, ECANCELED (`limit` on
 * CLOCK_MONOTONIC; NULL: none); ENOMEM. */
int lockorder_futures_wait(struct lockorder_future *const *futures, size_t count, enum lockorder_when when,
                           const struct lockorder_limit *limit);

struct lockorder_observer;

/* Futures in the order in which they get done. */
struct lockorder_as_completed { /* private */
    struct lockorder_queue done;
    struct lockorder_observer *observers;
    size_t count;
    size_t given;
};

/* The futures must not be released before the destroy. ENOMEM. For one thread. */
int lockorder_as_completed_init(struct lockorder_as_completed *completed, struct lockorder_future *const *futures, size_t count);
void lockorder_as_completed_destroy(struct lockorder_as_completed *completed);

/* The next that is done; no further reference to it. ENOENT: that were all. ETIMEDOUT, ECANCELED. */
int lockorder_as_completed_next(struct lockorder_as_completed *completed, struct lockorder_future **future,
                                const struct lockorder_limit *limit);

struct lockorder_executor { /* private */
    struct lockorder_thread_pool pool;
};

/* As lockorder_thread_pool_init. */
int lockorder_executor_init(struct lockorder_executor *executor, unsigned threads, const char *name);

/* EBUSY: it was not shut down. */
int lockorder_executor_destroy(struct lockorder_executor *executor);

/* Gives work: work(argument). The future is to be released. ENOMEM; EPIPE: the executor is shut down. */
int lockorder_executor_submit(struct lockorder_executor *executor, lockorder_work work, void *argument,
                              struct lockorder_future **future);

/* Submits work for each argument; all or nothing: on ENOMEM and EPIPE, those that were submitted are cancelled if they have not begun,
 * and no future is given. */
int lockorder_executor_map(struct lockorder_executor *executor, lockorder_work work, void *const *arguments, size_t count,
                           struct lockorder_future **futures);

/* Takes no more work, and waits until all futures are done; those that have not begun are worked on or cancelled. EDEADLK: called by
 * work of this executor. By one thread. */
int lockorder_executor_shutdown(struct lockorder_executor *executor, enum lockorder_queued queued);

#ifdef __cplusplus
}
#endif

#endif
