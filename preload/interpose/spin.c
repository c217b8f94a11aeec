/* pthread_spin_*. A spinlock that is free is entered before the real call, to which the fast path jumps; one that is locked takes
 * the slow way, since the thread is about to wait. As with mutexes, but a spinlock does not tell who has it: deadlock.c. */
#include "acquire_call.h"
#include "misuse.h"
#include "spin_type.h"

#define SPIN HELD_KIND_AND_MODE(TRACE_LOCK_SPIN, TRACE_MODE_EXCLUSIVE)

/* The acquisition has been entered. */
static SLOW int lock_contended_slow(pthread_spinlock_t *lock, uintptr_t return_address, uintptr_t frame)
{
    struct acquisition acquisition = blocking_acquisition(lock, SPIN, return_address, frame);
    struct wait former = wait_begins_for_lock(&acquisition, true);
    int result = real.pthread_spin_lock(lock);
    acquire_ends(acquisition.lock, has_locked(result));
    wait_ends(former);
    return result;
}

/* What is new takes its time, so that the lock may be taken meanwhile: it is tried. */
static SLOW int lock_slow(pthread_spinlock_t *lock, uintptr_t return_address, uintptr_t frame, struct acquire_sought sought)
{
    struct acquisition acquisition = blocking_acquisition(lock, SPIN, return_address, frame);
    if (!acquire_on_path(recorder_self, acquisition.lock, SPIN, ATTEMPT_BLOCKING, return_address, frame, sought))
        acquire(&acquisition);
    if (real.pthread_spin_trylock(lock) != 0)
        return lock_contended_slow(lock, return_address, frame);
    acquire_ends(acquisition.lock, true);
    return 0;
}

EXPORT int pthread_spin_lock(pthread_spinlock_t *lock)
{
    struct acquire_sought sought;
    if (unlikely(!acquire_fast(recorder_self, (uintptr_t)lock, SPIN, ATTEMPT_BLOCKING, CALL_RETURN_ADDRESS, CALL_FRAME, &sought)))
        return lock_slow(lock, CALL_RETURN_ADDRESS, CALL_FRAME, sought);
    if (unlikely(spin_is_locked(lock)))
        return lock_contended_slow(lock, CALL_RETURN_ADDRESS, CALL_FRAME);
    return real.pthread_spin_lock(lock);
}

EXPORT int pthread_spin_trylock(pthread_spinlock_t *lock)
{
    TRY_TO_ACQUIRE(lock, SPIN, real.pthread_spin_trylock(lock));
}

static SLOW int unlock_slow(pthread_spinlock_t *lock, uintptr_t return_address, uintptr_t frame)
{
    if (!held_list_find(recorder_self, (uintptr_t)lock))
        misuse_unlock_spin(lock, (struct call){return_address, frame});
    release_slow((uintptr_t)lock, return_address, frame);
    return real.pthread_spin_unlock(lock);
}

EXPORT int pthread_spin_unlock(pthread_spinlock_t *lock)
{
    if (unlikely(!release_fast(recorder_self, (uintptr_t)lock)))
        return unlock_slow(lock, CALL_RETURN_ADDRESS, CALL_FRAME);
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
