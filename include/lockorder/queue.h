/* A queue of pointers between threads: first in first out, last in first out, or by priority; bounded or not.
 *
 *     lockorder_queue_put(&jobs, job);                     // a producer; waits while the queue is full
 *     while (lockorder_queue_get(&jobs, &item) == 0) {     // a consumer; waits while it is empty, ends when it is closed and empty
 *         work_on(item);
 *         lockorder_queue_task_done(&jobs);
 *     }
 *
 * Producers that wait for room get it in the order in which they came. Of consumers, the one that waits longest is woken, one at a
 * time; one that is awake at that moment may be faster. Items are the caller's: the queue never looks at them or frees them; NULL is an item like any other.
 * Cost: constant per call; of a priority queue, logarithmic in its size. A bounded queue has all its memory from the start.
 * Safety: any thread; not in signal handlers. What was written before an item was put is seen by who gets it. */
#ifndef LOCKORDER_QUEUE_H
#define LOCKORDER_QUEUE_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "limit.h"
#include "wait_list.h"

#ifdef __cplusplus
extern "C" {
#endif

enum lockorder_queue_kind {
    LOCKORDER_FIFO,
    LOCKORDER_LIFO,
    LOCKORDER_SIMPLE /* first in first out, unbounded, and without the counting of tasks: task_done and join are ENOTSUP */
};

struct lockorder_queue_entry;

struct lockorder_queue { /* private */
    pthread_mutex_t mutex;
    struct lockorder_wait_list getters;
    unsigned coming;                    /* getters that were woken, and have not looked yet */
    struct lockorder_wait_list putters; /* not empty only when it is full */
    struct lockorder_wait_list joiners;
    int (*compare)(const void *item, const void *other); /* of a priority queue */
    struct lockorder_queue_entry *entries;
    size_t allocated; /* entries */
    size_t first;     /* of the ring; of a heap 0 */
    size_t size;
    size_t capacity; /* SIZE_MAX: unbounded */
    size_t unfinished;
    uint64_t puts; /* so that equal items keep their order */
    enum lockorder_queue_kind kind;
    bool closed;
};

enum { LOCKORDER_UNBOUNDED = 0 };

/* `capacity`: in items, LOCKORDER_UNBOUNDED for none. `name`: of the inner mutex in reports, "NAME.queue"; NULL: its address.
 * ENOMEM; EINVAL: a simple queue cannot be bounded. */
int lockorder_queue_init(struct lockorder_queue *queue, enum lockorder_queue_kind kind, size_t capacity, const char *name);

/* A queue that gives the least item first, and of equal ones the one that was put first. `compare` is as for qsort, on items; it is
 * called with the queue's mutex held, so it must not call the queue. ENOMEM. */
int lockorder_queue_init_priority(struct lockorder_queue *queue, int (*compare)(const void *item, const void *other),
                                  size_t capacity, const char *name);

/* Items that are left are forgotten. EBUSY: somebody waits, or is about to return from a wait. */
int lockorder_queue_destroy(struct lockorder_queue *queue);

/* Puts an item, and waits for room if need be. EPIPE: the queue is closed, or was while this waited; ENOMEM: an unbounded queue
 * cannot grow. In both cases the item was not taken. */
int lockorder_queue_put(struct lockorder_queue *queue, void *item);

/* EAGAIN: the queue is full. EPIPE, ENOMEM. */
int lockorder_queue_try_put(struct lockorder_queue *queue, void *item);

/* ETIMEDOUT, ECANCELED (`limit` on CLOCK_MONOTONIC; NULL: none): there was no room. EPIPE, ENOMEM. */
int lockorder_queue_put_within(struct lockorder_queue *queue, void *item, const struct lockorder_limit *limit);

/* Gets an item, and waits for one if need be. EPIPE: the queue is closed and empty. */
int lockorder_queue_get(struct lockorder_queue *queue, void **item);

/* EAGAIN: the queue is empty. EPIPE. */
int lockorder_queue_try_get(struct lockorder_queue *queue, void **item);

/* ETIMEDOUT, ECANCELED (`limit` on CLOCK_MONOTONIC; NULL: none): there was no item. EPIPE. */
int lockorder_queue_get_within(struct lockorder_queue *queue, void **item, const struct lockorder_limit *limit);

/* Says that the work on an item that was got is done. EPERM: as many were done as put; ENOTSUP: a simple queue. */
int lockorder_queue_task_done(struct lockorder_queue *queue);

/* Waits until all that was put is done, also what is put meanwhile. ENOTSUP: a simple queue. */
int lockorder_queue_join(struct lockorder_queue *queue);

/* The same until the limit: ETIMEDOUT, ECANCELED, ENOTSUP. */
int lockorder_queue_join_within(struct lockorder_queue *queue, const struct lockorder_limit *limit);

/* Nothing more is put: who waits to put, or to get, is woken with EPIPE. Items that are there can still be got. */
void lockorder_queue_close(struct lockorder_queue *queue);

/* Stale as soon as they are known. */
bool lockorder_queue_is_closed(struct lockorder_queue *queue);
size_t lockorder_queue_size(struct lockorder_queue *queue);
bool lockorder_queue_is_empty(struct lockorder_queue *queue);
bool lockorder_queue_is_full(struct lockorder_queue *queue);

#ifdef __cplusplus
}
#endif

#endif
