/* A lock that its holder may take again; it is free when it was released as many times.
 *
 * Safety: any thread; not in signal handlers. */
#ifndef LOCKORDER_RECURSIVE_LOCK_H
#define LOCKORDER_RECURSIVE_LOCK_H

#include "lock.h"

#ifdef __cplusplus
extern "C" {
#endif

struct lockorder_recursive_lock { /* private */
    struct lockorder_lock lock;
    unsigned depth; /* protected by lock */
};

#define LOCKORDER_RECURSIVE_LOCK_INITIALIZER {LOCKORDER_LOCK_INITIALIZER, 0}

/* `name`: as for lockorder_lock_init. */
int lockorder_recursive_lock_init(struct lockorder_recursive_lock *lock, const char *name);

/* EBUSY: somebody holds it. */
int lockorder_recursive_lock_destroy(struct lockorder_recursive_lock *lock);

/* EAGAIN: taken UINT_MAX times already. */
int lockorder_recursive_lock_acquire(struct lockorder_recursive_lock *lock);

/* EBUSY: another thread holds it. EAGAIN: taken UINT_MAX times already. */
int lockorder_recursive_lock_try_acquire(struct lockorder_recursive_lock *lock);

/* ETIMEDOUT; EINVAL: the limit names a stop. EAGAIN: taken UINT_MAX times already. */
int lockorder_recursive_lock_acquire_within(struct lockorder_recursive_lock *lock, const struct lockorder_limit *limit);

/* EPERM: the calling thread does not hold it. */
int lockorder_recursive_lock_release(struct lockorder_recursive_lock *lock);

/* Whether anybody holds it: stale as soon as it is known. */
bool lockorder_recursive_lock_is_locked(const struct lockorder_recursive_lock *lock);

/* Whether the calling thread holds it: exact. */
bool lockorder_recursive_lock_is_mine(const struct lockorder_recursive_lock *lock);

#ifdef __cplusplus
}
#endif

#endif
