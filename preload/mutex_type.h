/* The type of a mutex, as glibc keeps it in the mutex: the lowest two bits; further bits for robust, priority and
 * process-shared ones. All types are TRACE_LOCK_MUTEX in the held list; the trace says which. */
#ifndef LOCKORDER_PRELOAD_MUTEX_TYPE_H
#define LOCKORDER_PRELOAD_MUTEX_TYPE_H

#include <linux/futex.h>
#include <pthread.h>
#include <stdint.h>

#include "raw_system_call.h"
#include "recorder.h"

enum {
    MUTEX_TYPE_MASK = 3,
    MUTEX_ROBUST = 16,
    MUTEX_PRIORITY_INHERIT = 32,
    MUTEX_PRIORITY_PROTECT = 64,
    MUTEX_PROCESS_SHARED = 128
};

/* Mutexes that are locked once the call to lock them has returned: no error check, and none of the further bits. The usual ones
 * are told by a single comparison. */
static always_inline bool mutex_is_default_or_recursive(const pthread_mutex_t *mutex)
{
    _Static_assert(PTHREAD_MUTEX_TIMED_NP == 0 && PTHREAD_MUTEX_RECURSIVE_NP == 1, "the lowest two types");
    return (unsigned)mutex->__data.__kind <= PTHREAD_MUTEX_RECURSIVE_NP;
}

static inline bool mutex_is_adaptive(const pthread_mutex_t *mutex)
{
    return mutex->__data.__kind == PTHREAD_MUTEX_ADAPTIVE_NP;
}

static inline enum trace_lock_kind mutex_kind(const pthread_mutex_t *mutex)
{
    static const enum trace_lock_kind kinds[] = {
        [PTHREAD_MUTEX_TIMED_NP] = TRACE_LOCK_MUTEX,
        [PTHREAD_MUTEX_RECURSIVE_NP] = TRACE_LOCK_MUTEX_RECURSIVE,
        [PTHREAD_MUTEX_ERRORCHECK_NP] = TRACE_LOCK_MUTEX_ERRORCHECK,
        [PTHREAD_MUTEX_ADAPTIVE_NP] = TRACE_LOCK_MUTEX_ADAPTIVE,
    };
    return kinds[mutex->__data.__kind & MUTEX_TYPE_MASK];
}

static inline uint32_t mutex_flags(const pthread_mutex_t *mutex)
{
    int kind = mutex->__data.__kind;
    return (kind & MUTEX_ROBUST ? TRACE_LOCK_ROBUST : 0U) | (kind & MUTEX_PROCESS_SHARED ? TRACE_LOCK_PROCESS_SHARED : 0U) |
           (kind & (MUTEX_PRIORITY_INHERIT | MUTEX_PRIORITY_PROTECT) ? TRACE_LOCK_PRIORITY : 0U);
}

/* The kernel id of the thread that has locked it; 0 for none. */
static inline pid_t mutex_owner(const pthread_mutex_t *mutex)
{
    return __atomic_load_n(&mutex->__data.__owner, __ATOMIC_RELAXED) & FUTEX_TID_MASK;
}

/* Whether the mutex's owner is the thread that forked this process, which stands for it here. A mutex that both processes share
 * has stayed with the parent. */
static inline bool mutex_came_along(const pthread_mutex_t *mutex, const struct thread_state *state)
{
    pid_t owner = mutex_owner(mutex);
    return owner && owner == state->parent_kernel_id && !(mutex_flags(mutex) & TRACE_LOCK_PROCESS_SHARED);
}

/* Whether a thread has locked the mutex. The held list may say so of one that another thread has unlocked since: programs that use
 * mutexes as signals do that, and what they then wait for is no deadlock. The mutex may even be gone. */
static inline bool mutex_is_locked_by(const pthread_mutex_t *mutex, const struct thread_state *state)
{
    if (!memory_is_readable((uintptr_t)mutex))
        return false;
    return mutex_owner(mutex) == state->kernel_id || mutex_came_along(mutex, state);
}

#endif
