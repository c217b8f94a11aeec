#include <lockorder/recursive_lock.h>

#include <errno.h>
#include <limits.h>

int lockorder_recursive_lock_init(struct lockorder_recursive_lock *lock, const char *name)
{
    lock->depth = 0;
    return lockorder_lock_init(&lock->lock, name);
}

int lockorder_recursive_lock_destroy(struct lockorder_recursive_lock *lock)
{
    return lockorder_lock_destroy(&lock->lock);
}

static int acquire_again(struct lockorder_recursive_lock *lock)
{
    if (lock->depth == UINT_MAX)
        return EAGAIN;
    lock->depth++;
    return 0;
}

static int acquired_first(struct lockorder_recursive_lock *lock, int error)
{
    if (error == 0)
        lock->depth = 1;
    return error;
}

int lockorder_recursive_lock_acquire(struct lockorder_recursive_lock *lock)
{
    if (lockorder_lock_is_mine(&lock->lock))
        return acquire_again(lock);
    return acquired_first(lock, lockorder_lock_acquire(&lock->lock));
}

int lockorder_recursive_lock_try_acquire(struct lockorder_recursive_lock *lock)
{
    if (lockorder_lock_is_mine(&lock->lock))
        return acquire_again(lock);
    return acquired_first(lock, lockorder_lock_try_acquire(&lock->lock));
}

int lockorder_recursive_lock_acquire_within(struct lockorder_recursive_lock *lock, const struct lockorder_limit *limit)
{
    if (lockorder_lock_is_mine(&lock->lock))
        return acquire_again(lock);
    return acquired_first(lock, lockorder_lock_acquire_within(&lock->lock, limit));
}

int lockorder_recursive_lock_release(struct lockorder_recursive_lock *lock)
{
    if (!lockorder_lock_is_mine(&lock->lock))
        return EPERM;
    if (--lock->depth > 0)
        return 0;
    return lockorder_lock_release(&lock->lock);
}

bool lockorder_recursive_lock_is_locked(const struct lockorder_recursive_lock *lock)
{
    return lockorder_lock_is_locked(&lock->lock);
}

bool lockorder_recursive_lock_is_mine(const struct lockorder_recursive_lock *lock)
{
    return lockorder_lock_is_mine(&lock->lock);
}
