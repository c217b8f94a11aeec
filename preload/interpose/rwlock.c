/* pthread_rwlock_*. */
#include "acquire_call.h"
#include "dependency.h"
#include "misuse.h"
#include "rwlock_type.h"

#define READ HELD_KIND_AND_MODE(TRACE_LOCK_RWLOCK, TRACE_MODE_SHARED)
#define WRITE HELD_KIND_AND_MODE(TRACE_LOCK_RWLOCK, TRACE_MODE_EXCLUSIVE)

static SLOW void note_writer(const struct acquisition *acquisition)
{
    int saved_errno;
    if (!recorder_enter(&saved_errno))
        return;
    struct thread_state *state = acquire_thread_state();
    uint32_t context = state ? acquire_context(state, acquisition->return_address, acquisition->frame) : 0;
    recorder_lock();
    if (context)
        dependency_record_writer(state, acquisition, context);
    recorder_unlock();
    recorder_leave(saved_errno);
}

/* Where waiting writers go first, it matters that there are some, whatever they hold. */
#define NOTE_WRITER(lock, attempt)                                                                                               \
    do {                                                                                                                         \
        if (unlikely(rwlock_prefers_writer(lock)) && held_list_is_empty(recorder_self)) {                                        \
            struct acquisition writing = ACQUISITION(lock, WRITE, attempt);                                                      \
            note_writer(&writing);                                                                                               \
        }                                                                                                                        \
    } while (0)

EXPORT int pthread_rwlock_rdlock(pthread_rwlock_t *lock)
{
    ACQUIRE(lock, READ, ATTEMPT_BLOCKING, real.pthread_rwlock_tryrdlock(lock), real.pthread_rwlock_rdlock(lock));
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
    NOTE_WRITER(lock, ATTEMPT_BLOCKING);
    ACQUIRE(lock, WRITE, ATTEMPT_BLOCKING, real.pthread_rwlock_trywrlock(lock), real.pthread_rwlock_wrlock(lock));
}

EXPORT int pthread_rwlock_timedwrlock(pthread_rwlock_t *lock, const struct timespec *until)
{
    NOTE_WRITER(lock, ATTEMPT_TIMED);
    ACQUIRE(lock, WRITE, ATTEMPT_TIMED, real.pthread_rwlock_trywrlock(lock), real.pthread_rwlock_timedwrlock(lock, until));
}

EXPORT int pthread_rwlock_clockwrlock(pthread_rwlock_t *lock, clockid_t clock, const struct timespec *until)
{
    NOTE_WRITER(lock, ATTEMPT_TIMED);
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

EXPORT int pthread_rwlock_unlock(pthread_rwlock_t *lock)
{
    if (unlikely(!held_list_find(recorder_self, (uintptr_t)lock)))
        misuse_unlock_rwlock(lock, CALL);
    RELEASE(lock, real.pthread_rwlock_unlock(lock));
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
