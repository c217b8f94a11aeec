/* pthread_mutex_*. A mutex of the usual types is entered before the real call, to which the fast path jumps: once that returns,
 * the mutex is locked. One that is locked already takes the slow way, since the thread is about to block. */
#include "acquire_call.h"
#include "history_fast.h"
#include "misuse.h"
#include "mutex_type.h"

/* What all mutexes are in the held list. */
#define MUTEX HELD_KIND_AND_MODE(TRACE_LOCK_MUTEX, TRACE_MODE_EXCLUSIVE)

static always_inline bool seems_locked(const pthread_mutex_t *mutex)
{
    return __atomic_load_n(&mutex->__data.__lock, __ATOMIC_RELAXED) != 0;
}

/* Most mutexes that are found locked are free again before a wait could be announced, which is then spared: so many pauses of the
 * processor take about as long. */
enum { PAUSES = 4 };

static bool stays_locked(const pthread_mutex_t *mutex)
{
    for (int i = 0; i < PAUSES && seems_locked(mutex); i++)
        __builtin_ia32_pause();
    return seems_locked(mutex);
}

static bool is_locked_again(const pthread_mutex_t *mutex)
{
    return mutex_kind(mutex) == TRACE_LOCK_MUTEX_RECURSIVE && mutex_owner(mutex) == recorder_self->kernel_id;
}

/* Blocks, if need be, and says so. The acquisition has been entered. */
static int lock_announced(pthread_mutex_t *mutex, const struct acquisition *acquisition)
{
    struct wait former = wait_begins_for_lock(acquisition, true);
    int result = real.pthread_mutex_lock(mutex);
    acquire_ends((uintptr_t)mutex, has_locked(result));
    wait_ends(former);
    return result;
}

/* A mutex of the usual types that is free may be taken by somebody else before this thread comes to it: so it tries. One that
 * cannot be recovered is not tried: glibc 2.36 then leaves it locked. */
static int lock_and_see(pthread_mutex_t *mutex, const struct acquisition *acquisition)
{
    int result = EBUSY;
    bool goes_on = is_locked_again(mutex) || !stays_locked(mutex);
    if (goes_on && !mutex_is_default_or_recursive(mutex))
        result = real.pthread_mutex_lock(mutex);
    else if (goes_on)
        result = real.pthread_mutex_trylock(mutex);
    if (result == EBUSY)
        return lock_announced(mutex, acquisition);
    acquire_ends((uintptr_t)mutex, has_locked(result));
    return result;
}

static SLOW int lock_slow(pthread_mutex_t *mutex, uintptr_t return_address, uintptr_t frame)
{
    struct acquisition acquisition = blocking_acquisition(mutex, MUTEX, return_address, frame);
    bool known = acquire_known(&acquisition);
    if (likely(known && !history_is_kept && mutex_is_default_or_recursive(mutex) && !seems_locked(mutex)))
        return real.pthread_mutex_lock(mutex); /* as on the fast path */
    if (!known)
        acquire_slow(&acquisition);
    return lock_and_see(mutex, &acquisition);
}

static SLOW int lock_contended_slow(pthread_mutex_t *mutex, uintptr_t return_address, uintptr_t frame)
{
    struct acquisition acquisition = blocking_acquisition(mutex, MUTEX, return_address, frame);
    return lock_and_see(mutex, &acquisition);
}

static SLOW int lock_fails_slow(pthread_mutex_t *mutex, int result)
{
    acquire_ends((uintptr_t)mutex, has_locked(result));
    return result;
}

/* Where a history is kept: the fast path, with a unit of it. */
static SLOW int lock_in_history_slow(pthread_mutex_t *mutex, uintptr_t return_address, uintptr_t frame,
                                     struct acquire_sought sought)
{
    if (unlikely(!history_acquire_fast(recorder_self, (uintptr_t)mutex, MUTEX, return_address, frame, sought)))
        return lock_slow(mutex, return_address, frame);
    if (unlikely(seems_locked(mutex)))
        return lock_contended_slow(mutex, return_address, frame);
    int result = real.pthread_mutex_lock(mutex);
    if (unlikely(result != 0))
        return lock_fails_slow(mutex, result);
    if (unlikely(!history_acquired_fast(recorder_self, (uintptr_t)mutex)))
        history_write_acquired((uintptr_t)mutex);
    return 0;
}

/* In a wrapper function. Like the fast path, it needs nothing on the stack. */
static SLOW int lock_on_path_slow(pthread_mutex_t *mutex, uintptr_t return_address, uintptr_t frame, struct acquire_sought sought)
{
    if (unlikely(history_is_kept))
        return lock_in_history_slow(mutex, return_address, frame, sought);
    if (unlikely(!acquire_on_path(recorder_self, (uintptr_t)mutex, MUTEX, ATTEMPT_BLOCKING, return_address, frame, sought)))
        return lock_slow(mutex, return_address, frame);
    if (unlikely(seems_locked(mutex)))
        return lock_contended_slow(mutex, return_address, frame);
    return real.pthread_mutex_lock(mutex);
}

static SLOW int lock_unusual_slow(pthread_mutex_t *mutex, uintptr_t return_address, uintptr_t frame)
{
    struct acquire_sought sought;
    misuse_use_destroyed(mutex, (struct call){return_address, frame});
    if (!mutex_is_adaptive(mutex) || seems_locked(mutex) ||
        !acquire_fast(recorder_self, (uintptr_t)mutex, MUTEX, ATTEMPT_BLOCKING, return_address, frame, &sought))
        return lock_slow(mutex, return_address, frame);
    return real.pthread_mutex_lock(mutex);
}

EXPORT int pthread_mutex_lock(pthread_mutex_t *mutex)
{
    struct acquire_sought sought;
    if (unlikely(!mutex_is_default_or_recursive(mutex)))
        return lock_unusual_slow(mutex, CALL_RETURN_ADDRESS, CALL_FRAME);
    if (unlikely(
            !acquire_fast(recorder_self, (uintptr_t)mutex, MUTEX, ATTEMPT_BLOCKING, CALL_RETURN_ADDRESS, CALL_FRAME, &sought)))
        return lock_on_path_slow(mutex, CALL_RETURN_ADDRESS, CALL_FRAME, sought);
    if (unlikely(seems_locked(mutex)))
        return lock_contended_slow(mutex, CALL_RETURN_ADDRESS, CALL_FRAME);
    return real.pthread_mutex_lock(mutex);
}

EXPORT int pthread_mutex_timedlock(pthread_mutex_t *mutex, const struct timespec *until)
{
    ACQUIRE(mutex, MUTEX, ATTEMPT_TIMED, real.pthread_mutex_trylock(mutex), real.pthread_mutex_timedlock(mutex, until));
}

EXPORT int pthread_mutex_clocklock(pthread_mutex_t *mutex, clockid_t clock, const struct timespec *until)
{
    ACQUIRE(mutex, MUTEX, ATTEMPT_TIMED, real.pthread_mutex_trylock(mutex), real.pthread_mutex_clocklock(mutex, clock, until));
}

EXPORT int pthread_mutex_trylock(pthread_mutex_t *mutex)
{
    TRY_TO_ACQUIRE(mutex, MUTEX, real.pthread_mutex_trylock(mutex));
}

static SLOW int unlock_unusual_slow(pthread_mutex_t *mutex, uintptr_t return_address, uintptr_t frame)
{
    if (!held_list_find(recorder_self, (uintptr_t)mutex))
        misuse_unlock_mutex(mutex, (struct call){return_address, frame});
    release_slow((uintptr_t)mutex, return_address, frame);
    return real.pthread_mutex_unlock(mutex);
}

static SLOW int unlock_in_history_slow(pthread_mutex_t *mutex)
{
    history_write_released((uintptr_t)mutex);
    held_list_pop(recorder_self);
    return real.pthread_mutex_unlock(mutex);
}

/* Where a history is kept, the fast path with a unit of it. */
static SLOW int unlock_slow(pthread_mutex_t *mutex, uintptr_t return_address, uintptr_t frame)
{
    if (!history_is_top(recorder_self, (uintptr_t)mutex))
        return unlock_unusual_slow(mutex, return_address, frame);
    if (unlikely(!history_released_fast(recorder_self, (uintptr_t)mutex)))
        return unlock_in_history_slow(mutex);
    held_list_pop(recorder_self);
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
    if (unlikely(seems_locked(mutex) && mutex_owner(mutex)))
        misuse_initialize_mutex(mutex, CALL);
    int result = real.pthread_mutex_init(mutex, attributes);
    if (result == 0)
        lock_initialized(mutex, CALL_RETURN_ADDRESS, CALL_FRAME);
    return result;
}

EXPORT int pthread_mutex_destroy(pthread_mutex_t *mutex)
{
    if (unlikely(seems_locked(mutex)))
        misuse_destroy(mutex, TRACE_LOCK_MUTEX, CALL);
    lock_destroyed(mutex);
    return real.pthread_mutex_destroy(mutex);
}
