/* pthread_rwlock_*. */
#include "acquire_call.h"
#include "dependency.h"
#include "misuse.h"
#include "rwlock_type.h"

#define READ HELD_KIND_AND_MODE(TRACE_LOCK_RWLOCK, TRACE_MODE_SHARED)
#define WRITE HELD_KIND_AND_MODE(TRACE_LOCK_RWLOCK, TRACE_MODE_EXCLUSIVE)

static SLOW int lock_contended_slow(pthread_rwlock_t *lock, uint32_t kind_and_mode, uintptr_t return_address, uintptr_t frame)
{
    struct acquisition acquisition = blocking_acquisition(lock, kind_and_mode, return_address, frame);
    struct wait former = wait_begins_for_lock(&acquisition, false);
    int result = kind_and_mode == READ ? real.pthread_rwlock_rdlock(lock) : real.pthread_rwlock_wrlock(lock);
    acquire_ends(acquisition.lock, has_locked(result));
    wait_ends(former);
    return result;
}

static SLOW int locked_slow(pthread_rwlock_t *lock, uint32_t kind_and_mode, uintptr_t return_address, uintptr_t frame,
                            struct acquire_sought sought)
{
    acquired_slow(blocking_acquisition(lock, kind_and_mode, return_address, frame), sought);
    return 0;
}

/* Where waiting writers go first, it matters that there are some, whatever they hold. */
static SLOW void note_writer_slow(const pthread_rwlock_t *lock, enum attempt attempt, uintptr_t return_address, uintptr_t frame)
{
    int saved_errno;
    if (!held_list_is_empty(recorder_self) || !recorder_enter(&saved_errno))
        return;
    struct acquisition acquisition = blocking_acquisition(lock, WRITE, return_address, frame);
    acquisition.attempt = attempt;
    struct thread_state *state = acquire_thread_state();
    uint32_t context = state ? acquire_context(state, return_address, frame) : 0;
    recorder_lock();
    if (context)
        dependency_record_writer(state, &acquisition, context);
    recorder_unlock();
    recorder_leave(saved_errno);
}

static always_inline void note_writer(const pthread_rwlock_t *lock, enum attempt attempt, uintptr_t return_address,
                                      uintptr_t frame)
{
    if (unlikely(rwlock_prefers_writer(lock)))
        note_writer_slow(lock, attempt, return_address, frame);
}

EXPORT int pthread_rwlock_rdlock(pthread_rwlock_t *lock)
{
    struct acquire_sought sought;
    if (unlikely(real.pthread_rwlock_tryrdlock(lock) != 0))
        return lock_contended_slow(lock, READ, CALL_RETURN_ADDRESS, CALL_FRAME);
    if (unlikely(!acquire_fast(recorder_self, (uintptr_t)lock, READ, ATTEMPT_BLOCKING, CALL_RETURN_ADDRESS, CALL_FRAME, &sought)))
        return locked_slow(lock, READ, CALL_RETURN_ADDRESS, CALL_FRAME, sought);
    return 0;
}

EXPORT int pthread_rwlock_timedrdlock(pthread_rwlock_t *lock, const struct timespec *until)
{
    ACQUIRE(lock, READ, ATTEMPT_TIMED, real.pthread_rwlock_tryrdlock(lock), real.pthread_rwlock_timedrdlock(lock, until));
}

EXPORT int pthread_rwlock_clockrdlock(pthread_rwlock_t *lock, clockid_t clock, const struct timespec *until)
{
    ACQUIRE(lock, READ, ATTEMPT_TIMED, real.pthread_rwlock_tryrdlock(lock), real.pthread_rwlock_clockrdlock(lock, clock, until));
}

EXPORT int pthread_rwlock_wrlock(pthread_rwlock_t *lock)
{
    struct acquire_sought sought;
    note_writer(lock, ATTEMPT_BLOCKING, CALL_RETURN_ADDRESS, CALL_FRAME);
    if (unlikely(real.pthread_rwlock_trywrlock(lock) != 0))
        return lock_contended_slow(lock, WRITE, CALL_RETURN_ADDRESS, CALL_FRAME);
    if (unlikely(
            !acquire_fast(recorder_self, (uintptr_t)lock, WRITE, ATTEMPT_BLOCKING, CALL_RETURN_ADDRESS, CALL_FRAME, &sought)))
        return locked_slow(lock, WRITE, CALL_RETURN_ADDRESS, CALL_FRAME, sought);
    return 0;
}

EXPORT int pthread_rwlock_timedwrlock(pthread_rwlock_t *lock, const struct timespec *until)
{
    note_writer(lock, ATTEMPT_TIMED, CALL_RETURN_ADDRESS, CALL_FRAME);
    ACQUIRE(lock, WRITE, ATTEMPT_TIMED, real.pthread_rwlock_trywrlock(lock), real.pthread_rwlock_timedwrlock(lock, until));
}

EXPORT int pthread_rwlock_clockwrlock(pthread_rwlock_t *lock, clockid_t clock, const struct timespec *until)
{
    note_writer(lock, ATTEMPT_TIMED, CALL_RETURN_ADDRESS, CALL_FRAME);
    ACQUIRE(lock, WRITE, ATTEMPT_TIMED, real.pthread_rwlock_trywrlock(lock), real.pthread_rwlock_clockwrlock(lock, clock, until));
}

EXPORT int pthread_rwlock_tryrdlock(pthread_rwlock_t *lock)
{
    TRY_TO_ACQUIRE(lock, READ, real.pthread_rwlock_tryrdlock(lock));
}

EXPORT int pthread_rwlock_trywrlock(pthread_rwlock_t *lock)
{
    TRY_TO_ACQUIRE(lock, WRITE, real.pthread_rwlock_trywrlock(lock));
}

static SLOW int unlock_slow(pthread_rwlock_t *lock, uintptr_t return_address, uintptr_t frame)
{
    if (!held_list_find(recorder_self, (uintptr_t)lock))
        misuse_unlock_rwlock(lock, (struct call){return_address, frame});
    release_slow((uintptr_t)lock, return_address, frame);
    return real.pthread_rwlock_unlock(lock);
}

EXPORT int pthread_rwlock_unlock(pthread_rwlock_t *lock)
{
    if (unlikely(!release_fast(recorder_self, (uintptr_t)lock)))
        return unlock_slow(lock, CALL_RETURN_ADDRESS, CALL_FRAME);
    return real.pthread_rwlock_unlock(lock);
}

EXPORT int pthread_rwlock_init(pthread_rwlock_t *lock, const pthread_rwlockattr_t *attributes)
{
    int result = real.pthread_rwlock_init(lock, attributes);
    if (result == 0)
        lock_initialized(lock, CALL_RETURN_ADDRESS, CALL_FRAME);
    return result;
}

EXPORT int pthread_rwlock_destroy(pthread_rwlock_t *lock)
{
    misuse_destroy(lock, TRACE_LOCK_RWLOCK, CALL);
    lock_destroyed(lock);
    return real.pthread_rwlock_destroy(lock);
}
