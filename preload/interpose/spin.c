/* pthread_spin_*. */
#include "acquire_call.h"
#include "misuse.h"

#define SPIN HELD_KIND_AND_MODE(TRACE_LOCK_SPIN, TRACE_MODE_EXCLUSIVE)

static struct acquisition acquisition_of(const pthread_spinlock_t *lock, uintptr_t return_address, uintptr_t frame)
{
    return (struct acquisition){.lock = (uintptr_t)lock,
                                .kind_and_mode = SPIN,
                                .attempt = ATTEMPT_BLOCKING,
                                .return_address = return_address,
                                .frame = frame};
}

/* In functions of their own, so that the fast path needs nothing on the stack. */
static SLOW int lock_contended_slow(pthread_spinlock_t *lock, uintptr_t return_address, uintptr_t frame)
{
    struct acquisition acquisition = acquisition_of(lock, return_address, frame);
    struct wait former = blocks(acquisition);
    int result = real.pthread_spin_lock(lock);
    acquire_ends(acquisition.lock, has_locked(result));
    wait_ends(former);
    return result;
}

static SLOW int locked_slow(pthread_spinlock_t *lock, uintptr_t return_address, uintptr_t frame, struct acquire_sought sought)
{
    acquired_slow(acquisition_of(lock, return_address, frame), sought);
    return 0;
}

EXPORT int pthread_spin_lock(pthread_spinlock_t *lock)
{
    struct acquire_sought sought;
    if (unlikely(real.pthread_spin_trylock(lock) != 0))
        return lock_contended_slow(lock, CALL_RETURN_ADDRESS, CALL_FRAME);
    if (unlikely(!acquire_fast(recorder_self, (uintptr_t)lock, SPIN, ATTEMPT_BLOCKING, CALL_RETURN_ADDRESS, CALL_FRAME, &sought)))
        return locked_slow(lock, CALL_RETURN_ADDRESS, CALL_FRAME, sought);
    return 0;
}

EXPORT int pthread_spin_trylock(pthread_spinlock_t *lock)
{
    TRY_TO_ACQUIRE(lock, SPIN, real.pthread_spin_trylock(lock));
}

static SLOW void unlocked_slow(const pthread_spinlock_t *lock, struct call call)
{
    if (!held_list_find(recorder_self, (uintptr_t)lock))
        misuse_unlock_spin(lock, call);
    release_slow((uintptr_t)lock, call.return_address, call.frame);
}

EXPORT int pthread_spin_unlock(pthread_spinlock_t *lock)
{
    if (unlikely(!release_fast(recorder_self, (uintptr_t)lock)))
        unlocked_slow((const pthread_spinlock_t *)lock, CALL);
    return real.pthread_spin_unlock(lock);
}

EXPORT int pthread_spin_init(pthread_spinlock_t *lock, int shared)
{
    int result = real.pthread_spin_init(lock, shared);
    if (result == 0)
        lock_initialized((const void *)lock, CALL_RETURN_ADDRESS, CALL_FRAME);
    return result;
}

EXPORT int pthread_spin_destroy(pthread_spinlock_t *lock)
{
    misuse_destroy((const void *)lock, TRACE_LOCK_SPIN, CALL);
    lock_destroyed((const void *)lock);
    return real.pthread_spin_destroy(lock);
}
