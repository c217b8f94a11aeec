/* Waiting, inside a lock, for what another thread will bring about.
 *
 *     lockorder_lock_acquire(&lock);
 *     while (!ready)
 *         lockorder_condition_wait(&changed);
 *
 * A condition belongs to one lock, plain or recursive; every call but init and destroy is made by the holder of that lock: EPERM
 * otherwise. A wait releases the lock, however many times a recursive one was taken, and has it again when it returns, whatever it
 * returns. Notified are those who wait longest; a wait does not end without a reason, yet between the notification and the return
 * another thread may have had the lock: test the predicate again, or use lockorder_condition_wait_for.
 * Algorithm: a list of waiting threads, each with a semaphore of its own, protected by the lock: Birrell, "Implementing Condition
 * Variables with Semaphores" (2003).
 * Safety: any thread; not in signal handlers. */
#ifndef LOCKORDER_CONDITION_H
#define LOCKORDER_CONDITION_H

#include "recursive_lock.h"
#include "wait_list.h"

#ifdef __cplusplus
extern "C" {
#endif

struct lockorder_condition { /* private */
    struct lockorder_lock *lock;
    struct lockorder_recursive_lock *recursive; /* NULL: the lock is a plain one */
    struct lockorder_wait_list waiting;         /* protected by lock */
};

/* The lock must outlive the condition. Errors: none today. */
int lockorder_condition_init(struct lockorder_condition *condition, struct lockorder_lock *lock);
int lockorder_condition_init_recursive(struct lockorder_condition *condition, struct lockorder_recursive_lock *lock);

/* EBUSY: somebody waits. To be called by the lock's holder, or when no other thread knows the condition any more. */
int lockorder_condition_destroy(struct lockorder_condition *condition);

/* Releases the lock, waits for a notification, takes the lock again. EPERM. */
int lockorder_condition_wait(struct lockorder_condition *condition);

/* The same until the limit (NULL: none): ETIMEDOUT or ECANCELED, with the lock taken again, however long that takes. EPERM. */
int lockorder_condition_wait_within(struct lockorder_condition *condition, const struct lockorder_limit *limit);

/* Waits until predicate(closure), called with the lock held, is true: 0. At the limit (NULL: none) it is asked once more.
 * ETIMEDOUT, ECANCELED, EPERM. */
int lockorder_condition_wait_for(struct lockorder_condition *condition, bool (*predicate)(void *closure), void *closure,
                                 const struct lockorder_limit *limit);

/* Wakes the thread that waits longest, if any. EPERM. */
int lockorder_condition_notify_one(struct lockorder_condition *condition);

/* Wakes up to `count` threads. EPERM. */
int lockorder_condition_notify(struct lockorder_condition *condition, unsigned count);

/* Wakes all. EPERM. */
int lockorder_condition_notify_all(struct lockorder_condition *condition);

#ifdef __cplusplus
}
#endif

#endif
