/* A fixed number of threads that work on tasks, in the order in which these were given.
 *
 * Every task that was accepted is answered exactly once: by `done` or by `failed`, in the thread that worked on it, or
 * that cancelled it.
 * Safety: any thread; not in signal handlers. Tasks may give further tasks, but not wait for them: all threads could be waiting. */
#ifndef LOCKORDER_THREAD_POOL_H
#define LOCKORDER_THREAD_POOL_H

#include <pthread.h>
#include <stddef.h>

#include "queue.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What a task does: 0 and a result, or an error. */
typedef int (*lockorder_work)(void *argument, void **result);

/* What happens at a close to tasks that have not begun. */
enum lockorder_queued {
    LOCKORDER_FINISH_QUEUED, /* they are worked on */
    LOCKORDER_CANCEL_QUEUED  /* they fail with ECANCELED */
};

struct lockorder_thread_pool { /* private */
    struct lockorder_queue tasks;
    pthread_t *threads;
    unsigned started;
};

/* `threads`: 0 for as many as there are processors for this process. `name`: the tasks' queue is "NAME.queue" in reports, and threads
 * are called NAME; NULL: nothing. ENOMEM; EAGAIN: the system allows no more threads. */
int lockorder_thread_pool_init(struct lockorder_thread_pool *pool, unsigned threads, const char *name);

/* After a join. EBUSY: the pool was not joined. */
int lockorder_thread_pool_destroy(struct lockorder_thread_pool *pool);

/* What is called with a task's outcome. Any may be NULL. */
struct lockorder_callbacks {
    void (*done)(void *closure, void *result);
    void (*failed)(void *closure, int error);
    void *closure;
};

/* Gives a task: work(argument). `callbacks` is copied; NULL: none. ENOMEM; EPIPE: the pool is closed. */
int lockorder_thread_pool_apply_async(struct lockorder_thread_pool *pool, lockorder_work work, void *argument,
                                      const struct lockorder_callbacks *callbacks);

/* Gives `count` tasks: work(arguments[i]), whose result goes to results[i], in no certain order of time. When all are answered, `done`
 * (unless NULL) is called with the error of the first in the array that failed, or 0. Both arrays must stay until then.
 * ENOMEM, EPIPE: no task was given, and `done` is not called; if the pool is closed by another thread at the same time, those
 * tasks that came too late fail with EPIPE. */
int lockorder_thread_pool_map_async(struct lockorder_thread_pool *pool, lockorder_work work, void *const *arguments, size_t count,
                                    void **results, void (*done)(void *closure, int error), void *closure);

/* The same, and waits for all. Returns the error of the first in the array that failed, or 0; ENOMEM, EPIPE. EDEADLK: called by a task
 * of this pool. */
int lockorder_thread_pool_map(struct lockorder_thread_pool *pool, lockorder_work work, void *const *arguments, size_t count,
                              void **results);

/* Takes no more tasks. Called again, it can still turn finishing into cancelling. */
void lockorder_thread_pool_close(struct lockorder_thread_pool *pool, enum lockorder_queued queued);

/* Waits until all tasks are answered and all threads have ended. By one thread, after a close: EBUSY. EDEADLK: called by a task of
 * this pool. */
int lockorder_thread_pool_join(struct lockorder_thread_pool *pool);

#ifdef __cplusplus
}
#endif

#endif
