/* pthread_mutex_*. */
#include <errno.h>

#include "acquire.h"
#include "context.h"
#include "lock_table.h"
#include "real.h"
#include "thread_state.h"

#define EXPORT __attribute__((visibility("default")))
#define SLOW __attribute__((noinline))

/* The type, as glibc keeps it: the lowest two bits; further bits for robust, priority and process-shared mutexes. */
enum { TYPE_MASK = 3, ROBUST = 16, PRIORITY_INHERIT = 32, PRIORITY_PROTECT = 64, PROCESS_SHARED = 128 };

/* Default, adaptive and recursive mutexes without further bits: once they return from locking, they have locked. */
static always_inline bool locks_for_sure(const pthread_mutex_t *mutex)
{
    unsigned kind = (unsigned)mutex->__data.__kind;
    return kind <= TYPE_MASK && kind != PTHREAD_MUTEX_ERRORCHECK_NP;
}

static always_inline uint32_t kind_and_mode(const pthread_mutex_t *mutex)
{
    unsigned type = (unsigned)mutex->__data.__kind & TYPE_MASK;
    return HELD_KIND_AND_MODE(TRACE_LOCK_MUTEX + type, TRACE_MODE_EXCLUSIVE);
}
_Static_assert(TRACE_LOCK_MUTEX + PTHREAD_MUTEX_RECURSIVE_NP == TRACE_LOCK_MUTEX_RECURSIVE &&
                   TRACE_LOCK_MUTEX + PTHREAD_MUTEX_ERRORCHECK_NP == TRACE_LOCK_MUTEX_ERRORCHECK &&
                   TRACE_LOCK_MUTEX + PTHREAD_MUTEX_ADAPTIVE_NP == TRACE_LOCK_MUTEX_ADAPTIVE,
               "kind_and_mode() adds");

static struct acquisition acquisition_of(const pthread_mutex_t *mutex, enum attempt attempt, uintptr_t return_address,
                                         uintptr_t frame)
{
    int kind = mutex->__data.__kind;
    return (struct acquisition){.lock = (uintptr_t)mutex,
                                .kind_and_mode = kind_and_mode(mutex),
                                .lock_flags = (kind & ROBUST ? TRACE_LOCK_ROBUST : 0U) |
                                              (kind & PROCESS_SHARED ? TRACE_LOCK_PROCESS_SHARED : 0U) |
                                              (kind & (PRIORITY_INHERIT | PRIORITY_PROTECT) ? TRACE_LOCK_PRIORITY : 0U),
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

EXPORT int pthread_mutex_lock(pthread_mutex_t *mutex)
{
    if (unlikely(!locks_for_sure(mutex)) || unlikely(!acquire_fast(recorder_self, (uintptr_t)mutex, kind_and_mode(mutex),
                                                                   ATTEMPT_BLOCKING, CALL_RETURN_ADDRESS, CALL_FRAME)))
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
