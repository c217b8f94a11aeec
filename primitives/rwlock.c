#include <lockorder/rwlock.h>

#include <errno.h>
#include <stddef.h>

#include "annotation.h"
#include "sanitizer.h"
#include "self.h"

static inline const void *writer(const struct lockorder_rwlock *rwlock)
{
    return __atomic_load_n(&rwlock->writer, __ATOMIC_RELAXED);
}

int lockorder_rwlock_init(struct lockorder_rwlock *rwlock, const char *name)
{
    pthread_rwlockattr_t attributes;
    rwlock->writer = NULL;
    rwlock->readers = 0;
    pthread_rwlockattr_init(&attributes);
    pthread_rwlockattr_setkind_np(&attributes, PTHREAD_RWLOCK_PREFER_WRITER_NONRECURSIVE_NP);
    int error = pthread_rwlock_init(&rwlock->rwlock, &attributes);
    pthread_rwlockattr_destroy(&attributes);
    if (error == 0)
        annotate_lock(&rwlock->rwlock, name, NULL);
    return error;
}

int lockorder_rwlock_destroy(struct lockorder_rwlock *rwlock)
{
    return lockorder_rwlock_is_locked(rwlock) ? EBUSY : pthread_rwlock_destroy(&rwlock->rwlock);
}

static int acquired_read(struct lockorder_rwlock *rwlock, int error)
{
    if (error == 0)
        __atomic_fetch_add(&rwlock->readers, 1, __ATOMIC_RELAXED);
    return error;
}

int lockorder_rwlock_acquire_read(struct lockorder_rwlock *rwlock)
{
    return lockorder_rwlock_acquire_read_within(rwlock, NULL);
}

int lockorder_rwlock_try_acquire_read(struct lockorder_rwlock *rwlock)
{
    return acquired_read(rwlock, pthread_rwlock_tryrdlock(&rwlock->rwlock));
}

int lockorder_rwlock_acquire_read_within(struct lockorder_rwlock *rwlock, const struct lockorder_limit *limit)
{
    if (writer(rwlock) == this_thread())
        return EDEADLK;
    if (limit == NULL)
        return acquired_read(rwlock, pthread_rwlock_rdlock(&rwlock->rwlock));
    if (limit->stop != NULL || !limit->timed)
        return EINVAL;
    BEFORE_LOCK(&rwlock->rwlock, READS);
    int error = pthread_rwlock_clockrdlock(&rwlock->rwlock, CLOCK_MONOTONIC, &limit->deadline);
    AFTER_LOCK(&rwlock->rwlock, READS, error);
    return acquired_read(rwlock, error);
}

int lockorder_rwlock_release_read(struct lockorder_rwlock *rwlock)
{
    unsigned readers = __atomic_load_n(&rwlock->readers, __ATOMIC_RELAXED);
    do {
        if (readers == 0)
            return EPERM;
    } while (!__atomic_compare_exchange_n(&rwlock->readers, &readers, readers - 1, true, __ATOMIC_RELAXED, __ATOMIC_RELAXED));
    return pthread_rwlock_unlock(&rwlock->rwlock);
}

static int acquired_write(struct lockorder_rwlock *rwlock, int error)
{
    if (error == 0)
        __atomic_store_n(&rwlock->writer, this_thread(), __ATOMIC_RELAXED);
    return error;
}

int lockorder_rwlock_acquire_write(struct lockorder_rwlock *rwlock)
{
    return lockorder_rwlock_acquire_write_within(rwlock, NULL);
}

int lockorder_rwlock_try_acquire_write(struct lockorder_rwlock *rwlock)
{
    return acquired_write(rwlock, pthread_rwlock_trywrlock(&rwlock->rwlock));
}

int lockorder_rwlock_acquire_write_within(struct lockorder_rwlock *rwlock, const struct lockorder_limit *limit)
{
    if (writer(rwlock) == this_thread())
        return EDEADLK;
    if (limit == NULL)
        return acquired_write(rwlock, pthread_rwlock_wrlock(&rwlock->rwlock));
    if (limit->stop != NULL || !limit->timed)
        return EINVAL;
    BEFORE_LOCK(&rwlock->rwlock, WRITES);
    int error = pthread_rwlock_clockwrlock(&rwlock->rwlock, CLOCK_MONOTONIC, &limit->deadline);
    AFTER_LOCK(&rwlock->rwlock, WRITES, error);
    return acquired_write(rwlock, error);
}

int lockorder_rwlock_release_write(struct lockorder_rwlock *rwlock)
{
    if (writer(rwlock) != this_thread())
        return EPERM;
    __atomic_store_n(&rwlock->writer, NULL, __ATOMIC_RELAXED);
    return pthread_rwlock_unlock(&rwlock->rwlock);
}

bool lockorder_rwlock_is_locked(const struct lockorder_rwlock *rwlock)
{
    return writer(rwlock) != NULL || __atomic_load_n(&rwlock->readers, __ATOMIC_RELAXED) > 0;
}

bool lockorder_rwlock_is_mine_to_write(const struct lockorder_rwlock *rwlock)
{
    return writer(rwlock) == this_thread();
}
