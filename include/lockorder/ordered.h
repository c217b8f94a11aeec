/* Several locks at once, without deadlock: taken in one order that holds for the whole program, whatever order they are named in.
 *
 *     struct lockorder_lockable locks[] = {lockorder_lockable_lock(&from->lock), lockorder_lockable_lock(&to->lock)};
 *     LOCKORDER_SCOPED_CLAIM(claim);
 *     int error = lockorder_claim_acquire(&claim, NULL, locks, 2);
 *     if (error == 0)
 *         move(from, to, amount);
 *     // both are released, in reverse, when the scope is left
 *
 * A *claim* is what one such call took. Claims may be nested; each must continue the order: a claim to a lock that comes before one
 * that the thread already claims in the same order is refused with EDEADLK. It is refused always, not only when it would hang.
 * What a thread locks otherwise is not seen by this check (but by lockorder).
 *
 * The order is that of addresses, or of keys that a function of yours gives: account numbers, levels. Distinct locks with equal keys
 * may be claimed together: then a tie lock is taken before all else, so that at most one thread is in the middle of such a claim.
 * It follows that such a claim must be the thread's first in its order (EDEADLK).
 * Algorithm: hierarchical locking: Havender, "Avoiding deadlock in multitasking systems" (1968); the tie lock: Goetz et al., "Java
 * Concurrency in Practice", 10.1.2 (2006); back-off with full jitter: Brooker, "Exponential Backoff And Jitter" (2015).
 * Safety: any thread; not in signal handlers. A claim belongs to the thread that made it. */
#ifndef LOCKORDER_ORDERED_H
#define LOCKORDER_ORDERED_H

#include <pthread.h>
#include <stddef.h>
#include <stdint.h>

#include "lock.h"
#include "recursive_lock.h"
#include "rwlock.h"
#include "semaphore.h"

#ifdef __cplusplus
extern "C" {
#endif

/* How a kind of lock is taken. Those of this library and pthread mutexes have theirs; locks of your own may be added. */
struct lockorder_lockable_kind {
    int (*acquire)(void *lock);     /* 0 or an error, on which the whole claim fails */
    int (*try_acquire)(void *lock); /* EBUSY or EAGAIN: not now */
    int (*release)(void *lock);
};

/* A lock of any kind; made by the functions below, or as {lock, &kind_of_yours, 0}. */
struct lockorder_lockable {
    void *lock;
    const struct lockorder_lockable_kind *kind;
    uint64_t key; /* private: set by the claim */
};

struct lockorder_lockable lockorder_lockable_lock(struct lockorder_lock *lock);
struct lockorder_lockable lockorder_lockable_recursive(struct lockorder_recursive_lock *lock);
struct lockorder_lockable lockorder_lockable_read(struct lockorder_rwlock *rwlock);
struct lockorder_lockable lockorder_lockable_write(struct lockorder_rwlock *rwlock);
struct lockorder_lockable lockorder_lockable_semaphore(struct lockorder_semaphore *semaphore);
struct lockorder_lockable lockorder_lockable_mutex(pthread_mutex_t *mutex);

/* An order of locks by key. Claims are checked against claims in the same order. */
struct lockorder_order { /* private */
    uint64_t (*key)(const void *lock, void *closure);
    void *closure;
    struct lockorder_lock tie;
};

/* `key` gives the place of a lock, and always the same; it is called with claimed locks held, and must take none. `name`: of the
 * tie lock, as for lockorder_lock_init. Errors: none today. */
int lockorder_order_init(struct lockorder_order *order, uint64_t (*key)(const void *lock, void *closure), void *closure,
                         const char *name);

/* EBUSY: a claim with equal keys is being made. */
int lockorder_order_destroy(struct lockorder_order *order);

struct lockorder_claim { /* private */
    struct lockorder_claim *outer;
    const struct lockorder_order *order;
    const struct lockorder_lockable *locks;
    size_t count;
};

/* A claim that is released when its scope is left, if it was made. */
#define LOCKORDER_SCOPED_CLAIM(name) \
    struct lockorder_claim name __attribute__((cleanup(lockorder_claim_leave))) = {0, 0, 0, 0}

/* Takes all locks, in the order (NULL: that of addresses), or none. `locks` is sorted in place and must stay until the release;
 * made for a handful of them, since it is sorted by insertion.
 * EDEADLK: a lock is named twice, or does not come after all that this thread claims already in this order, or is held already, or
 * keys are equal and this is not the first claim. Else what taking a lock returned. */
int lockorder_claim_acquire(struct lockorder_claim *claim, struct lockorder_order *order, struct lockorder_lockable *locks,
                            size_t count);

/* Takes all locks or none, in the order in which they are named: it never waits for one while it holds another of them, but gives
 * back what it has, sleeps for a random time, of which the bound doubles with each attempt from 20 us to 10 ms, and starts again. So
 * locks need not be in any order. They count for the check of later claims in the order of addresses.
 * ETIMEDOUT, ECANCELED (`limit` on CLOCK_MONOTONIC; NULL: none). With a limit that has passed it is a single attempt. EDEADLK: a
 * lock is named twice. Else what taking a lock returned, other than EBUSY and EAGAIN. */
int lockorder_claim_try_acquire_all(struct lockorder_claim *claim, const struct lockorder_lockable *locks, size_t count,
                                    const struct lockorder_limit *limit);

/* Releases the locks in reverse. Claims may be released in any order. EPERM: not a claim of the calling thread. */
int lockorder_claim_release(struct lockorder_claim *claim);

/* Releases, if there is something to release. */
void lockorder_claim_leave(struct lockorder_claim *claim);

#ifdef __cplusplus
}
#endif

#endif
