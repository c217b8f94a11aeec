/* pthread_mutex_*. */
#include <errno.h>

#include "acquire.h"
#include "lock_table.h"
#include "mutex_type.h"
#include "real.h"
#include "thread_state.h"

#define EXPORT __attribute__((visibility("default")))
#define SLOW __attribute__((noinline))

/* What all mutexes are in the held list. */
#define MUTEX HELD_KIND_AND_MODE(TRACE_LOCK_MUTEX, TRACE_MODE_EXCLUSIVE)

static struct acquisition acquisition_of(const pthread_mutex_t *mutex, enum attempt attempt, uintptr_t return_address,
                                         uintptr_t frame)
{
    return (struct acquisition){.lock = (uintptr_t)mutex,
                                .kind_and_mode = MUTEX,
                                .attempt = attempt,
                                .return_address = return_address,
                                .frame = frame};
}

static bool has_locked(int result)
{
    return result == 0 || result == EOWNERDEAD;
}

/* Locks any mutex in a way that may fail. */
#define LOCK_AND_SEE(mutex, attempt, call)                                                                                       \
    struct acquisition acquisition = acquisition_of(mutex, attempt, CALL_RETURN_ADDRESS, CALL_FRAME);                            \
    acquire(&acquisition);                                                                                                       \
    int result = (call);                                                                                                         \
    if (!has_locked(result))                                                                                                     \
        acquire_failed((uintptr_t)(mutex));                                                                                      \
    return result

static SLOW int lock_slow(pthread_mutex_t *mutex, uintptr_t return_address, uintptr_t frame)
{
    struct acquisition acquisition = acquisition_of(mutex, ATTEMPT_BLOCKING, return_address, frame);
    acquire(&acquisition);
    int result = real.pthread_mutex_lock(mutex);
    if (!has_locked(result))
        acquire_failed((uintptr_t)mutex);
    return result;
}

static SLOW int lock_unusual_slow(pthread_mutex_t *mutex, uintptr_t return_address, uintptr_t frame)
{
    if (!mutex_is_adaptive(mutex) ||
        !acquire_fast(recorder_self, (uintptr_t)mutex, MUTEX, ATTEMPT_BLOCKING, return_address, frame))
        return lock_slow(mutex, return_address, frame);
    return real.pthread_mutex_lock(mutex);
}

EXPORT int pthread_mutex_lock(pthread_mutex_t *mutex)
{
    if (unlikely(!mutex_is_default_or_recursive(mutex)))
        return lock_unusual_slow(mutex, CALL_RETURN_ADDRESS, CALL_FRAME);
    if (unlikely(!acquire_fast(recorder_self, (uintptr_t)mutex, MUTEX, ATTEMPT_BLOCKING, CALL_RETURN_ADDRESS, CALL_FRAME)))
        return lock_slow(mutex, CALL_RETURN_ADDRESS, CALL_FRAME);
    return real.pthread_mutex_lock(mutex);
}

EXPORT int pthread_mutex_timedlock(pthread_mutex_t *mutex, const struct timespec *until)
{
    LOCK_AND_SEE(mutex, ATTEMPT_TIMED, real.pthread_mutex_timedlock(mutex, until));
}

EXPORT int pthread_mutex_clocklock(pthread_mutex_t *mutex, clockid_t clock, const struct timespec *until)
{
    LOCK_AND_SEE(mutex, ATTEMPT_TIMED, real.pthread_mutex_clocklock(mutex, clock, until));
}

EXPORT int pthread_mutex_trylock(pthread_mutex_t *mutex)
{
    int result = real.pthread_mutex_trylock(mutex);
    if (has_locked(result)) {
        struct acquisition acquisition = acquisition_of(mutex, ATTEMPT_TRY, CALL_RETURN_ADDRESS, CALL_FRAME);
        acquire(&acquisition);
    }
    return result;
}

static SLOW int unlock_slow(pthread_mutex_t *mutex, uintptr_t return_address, uintptr_t frame)
{
    release_slow((uintptr_t)mutex, return_address, frame);
    return real.pthread_mutex_unlock(mutex);
}

EXPORT int pthread_mutex_unlock(pthread_mutex_t *mutex)
{
    if (unlikely(!release_fast(recorder_self, (uintptr_t)mutex)))
        return unlock_slow(mutex, CALL_RETURN_ADDRESS, CALL_FRAME);
    return real.pthread_mutex_unlock(mutex);
}

EXPORT int pthread_mutex_init(pthread_mutex_t *mutex, const pthread_mutexattr_t *attributes)
{
    int saved_errno;
    int result = real.pthread_mutex_init(mutex, attributes);
    struct thread_state *state;
    if (result != 0 || !recorder_enter(&saved_errno))
        return result;
    if ((state = acquire_thread_state())) {
        uint32_t context = acquire_context(state, CALL_RETURN_ADDRESS, CALL_FRAME);
        recorder_lock();
        lock_table_begin_life((uintptr_t)mutex, context);
        recorder_unlock();
    }
    recorder_leave(saved_errno);
    return result;
}

/* The life ends before the real call: afterwards the memory may already be another lock. */
EXPORT int pthread_mutex_destroy(pthread_mutex_t *mutex)
{
    int saved_errno;
    if (recorder_enter(&saved_errno)) {
        recorder_lock();
        lock_table_end_life((uintptr_t)mutex, TRACE_LOCK_DESTROYED);
        recorder_unlock();
        recorder_leave(saved_errno);
    }
    return real.pthread_mutex_destroy(mutex);
}
