#include <lockorder/lock.h>

#include <errno.h>
#include <stddef.h>

#include "annotation.h"
#include "sanitizer.h"
#include "self.h"

/* Keeps what happens nearly always in a straight line. */
#define unlikely(condition) __builtin_expect(condition, 0)

/* The holder is written by whom it names, under the mutex. Others may read it at any time, but find there their own address only if
 * they hold the lock: relaxed operations will do. */
static inline const void *holder(const struct lockorder_lock *lock)
{
    return __atomic_load_n(&lock->holder, __ATOMIC_RELAXED);
}

static inline void set_holder(struct lockorder_lock *lock, const void *thread)
{
    __atomic_store_n(&lock->holder, thread, __ATOMIC_RELAXED);
}

int lockorder_lock_init(struct lockorder_lock *lock, const char *name)
{
    lock->holder = NULL;
    int error = pthread_mutex_init(&lock->mutex, NULL);
    if (error == 0)
        annotate_lock(&lock->mutex, name, NULL);
    return error;
}

int lockorder_lock_destroy(struct lockorder_lock *lock)
{
    return lockorder_lock_is_locked(lock) ? EBUSY : pthread_mutex_destroy(&lock->mutex);
}

int lockorder_lock_acquire(struct lockorder_lock *lock)
{
    if (unlikely(holder(lock) == this_thread()))
        return EDEADLK;
    int error = pthread_mutex_lock(&lock->mutex);
    if (unlikely(error != 0))
        return error;
    set_holder(lock, this_thread());
    return 0;
}

int lockorder_lock_try_acquire(struct lockorder_lock *lock)
{
    if (holder(lock) == this_thread())
        return EBUSY;
    int error = pthread_mutex_trylock(&lock->mutex);
    if (error == 0)
        set_holder(lock, this_thread());
    return error;
}

int lockorder_lock_acquire_within(struct lockorder_lock *lock, const struct lockorder_limit *limit)
{
    if (limit == NULL)
        return lockorder_lock_acquire(lock);
    if (limit->stop != NULL || !limit->timed)
        return EINVAL;
    if (holder(lock) == this_thread())
        return EDEADLK;
    int error = pthread_mutex_trylock(&lock->mutex);
    if (error == EBUSY) {
        BEFORE_LOCK(&lock->mutex, WRITES);
        error = pthread_mutex_clocklock(&lock->mutex, CLOCK_MONOTONIC, &limit->deadline);
        AFTER_LOCK(&lock->mutex, WRITES, error);
    }
    if (error == 0)
        set_holder(lock, this_thread());
    return error;
}

int lockorder_lock_release(struct lockorder_lock *lock)
{
    if (unlikely(holder(lock) != this_thread()))
        return EPERM;
    set_holder(lock, NULL);
    return pthread_mutex_unlock(&lock->mutex);
}

bool lockorder_lock_is_locked(const struct lockorder_lock *lock)
{
    return holder(lock) != NULL;
}

bool lockorder_lock_is_mine(const struct lockorder_lock *lock)
{
    return holder(lock) == this_thread();
}
