#include <lockorder/condition.h>

#include <errno.h>
#include <limits.h>
#include <stddef.h>

#include "self.h"
#include "waiter.h"

int lockorder_condition_init(struct lockorder_condition *condition, struct lockorder_lock *lock)
{
    *condition = (struct lockorder_condition){.lock = lock};
    return 0;
}

int lockorder_condition_init_recursive(struct lockorder_condition *condition, struct lockorder_recursive_lock *lock)
{
    *condition = (struct lockorder_condition){.lock = &lock->lock, .recursive = lock};
    return 0;
}

int lockorder_condition_destroy(struct lockorder_condition *condition)
{
    return wait_list_is_empty(&condition->waiting) ? 0 : EBUSY;
}

int lockorder_condition_wait(struct lockorder_condition *condition)
{
    return lockorder_condition_wait_within(condition, NULL);
}

int lockorder_condition_wait_within(struct lockorder_condition *condition, const struct lockorder_limit *limit)
{
    struct lockorder_lock *lock = condition->lock;
    if (!lockorder_lock_is_mine(lock))
        return EPERM;
    unsigned depth = condition->recursive != NULL ? condition->recursive->depth : 0;
    struct lockorder_waiter waiter;
    __atomic_store_n(&lock->holder, NULL, __ATOMIC_RELAXED); /* as in lock.c: others may look at it */
    int error = wait_list_wait(&condition->waiting, &waiter, &lock->mutex, limit);
    lockorder_lock_acquire(lock);
    if (condition->recursive != NULL)
        condition->recursive->depth = depth;
    return error;
}

int lockorder_condition_wait_for(struct lockorder_condition *condition, bool (*predicate)(void *closure), void *closure,
                                 const struct lockorder_limit *limit)
{
    if (!lockorder_lock_is_mine(condition->lock))
        return EPERM;
    int error = 0;
    while (!predicate(closure)) {
        if (error != 0)
            return error;
        error = lockorder_condition_wait_within(condition, limit);
    }
    return 0;
}

int lockorder_condition_notify_one(struct lockorder_condition *condition)
{
    return lockorder_condition_notify(condition, 1);
}

int lockorder_condition_notify(struct lockorder_condition *condition, unsigned count)
{
    if (!lockorder_lock_is_mine(condition->lock))
        return EPERM;
    for (; count > 0 && !wait_list_is_empty(&condition->waiting); count--)
        waiter_wake(wait_list_take_first(&condition->waiting));
    return 0;
}

int lockorder_condition_notify_all(struct lockorder_condition *condition)
{
    return lockorder_condition_notify(condition, UINT_MAX);
}
