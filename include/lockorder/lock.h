/* A lock that one thread at a time holds.
 *
 * A pthread mutex that knows its holder: taking it twice is EDEADLK instead of a hang, releasing what another thread holds is
 * EPERM, destroying it while it is held is EBUSY. It costs what the bare mutex does (docs/primitives/performance.md).
 *
 *     struct lockorder_lock lock = LOCKORDER_LOCK_INITIALIZER;
 *     lockorder_lock_acquire(&lock);
 *     ...
 *     lockorder_lock_release(&lock);
 *
 * Not fair: a thread that asks at the moment of the release may overtake one that has waited.
 * Safety: any thread; not in signal handlers. What was written before a release is seen after the next acquire. */
#ifndef LOCKORDER_LOCK_H
#define LOCKORDER_LOCK_H

#include <pthread.h>
#include <stdbool.h>

#include "limit.h"

#ifdef __cplusplus
extern "C" {
#endif

struct lockorder_lock { /* private */
    pthread_mutex_t mutex;
    const void *holder; /* stands for a thread; NULL: not held */
};

#define LOCKORDER_LOCK_INITIALIZER {PTHREAD_MUTEX_INITIALIZER, 0}

/* `name` is what reports of lockorder call the lock; NULL: its address. It is copied.
 * Errors: none today, as pthread_mutex_init of a default mutex. */
int lockorder_lock_init(struct lockorder_lock *lock, const char *name);

/* EBUSY: somebody holds it. */
int lockorder_lock_destroy(struct lockorder_lock *lock);

/* Waits until the lock is free, and takes it. EDEADLK: the calling thread holds it already. */
int lockorder_lock_acquire(struct lockorder_lock *lock);

/* EBUSY: somebody holds it, be it the calling thread. */
int lockorder_lock_try_acquire(struct lockorder_lock *lock);

/* `limit` (CLOCK_MONOTONIC; NULL: none) may not name a stop, which could not be heard: EINVAL.
 * ETIMEDOUT; EDEADLK: the calling thread holds it already. */
int lockorder_lock_acquire_within(struct lockorder_lock *lock, const struct lockorder_limit *limit);

/* EPERM: the calling thread does not hold it. */
int lockorder_lock_release(struct lockorder_lock *lock);

/* Whether anybody holds it: stale as soon as it is known, so for messages and assertions. */
bool lockorder_lock_is_locked(const struct lockorder_lock *lock);

/* Whether the calling thread holds it: exact. */
bool lockorder_lock_is_mine(const struct lockorder_lock *lock);

#ifdef __cplusplus
}
#endif

#endif
