/* pthread_spin_*. */
#include "acquire_call.h"
#include "misuse.h"

#define SPIN HELD_KIND_AND_MODE(TRACE_LOCK_SPIN, TRACE_MODE_EXCLUSIVE)

EXPORT int pthread_spin_lock(pthread_spinlock_t *lock)
{
    ACQUIRE(lock, SPIN, ATTEMPT_BLOCKING, real.pthread_spin_trylock(lock), real.pthread_spin_lock(lock));
}

EXPORT int pthread_spin_trylock(pthread_spinlock_t *lock)
{
    TRY_TO_ACQUIRE(lock, SPIN, real.pthread_spin_trylock(lock));
}

EXPORT int pthread_spin_unlock(pthread_spinlock_t *lock)
{
    if (unlikely(!held_list_find(recorder_self, (uintptr_t)lock)))
        misuse_unlock_spin(lock, CALL);
    RELEASE(lock, real.pthread_spin_unlock(lock));
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
