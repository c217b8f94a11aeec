/* What glibc keeps in a read-write lock. */
#ifndef LOCKORDER_PRELOAD_RWLOCK_TYPE_H
#define LOCKORDER_PRELOAD_RWLOCK_TYPE_H

#include <pthread.h>

#include "recorder.h"

/* A reader waits for writers that wait, even if it reads already. */
static inline bool rwlock_prefers_writer(const pthread_rwlock_t *lock)
{
    return lock->__data.__flags == PTHREAD_RWLOCK_PREFER_WRITER_NONRECURSIVE_NP;
}

static inline uint32_t rwlock_flags(const pthread_rwlock_t *lock)
{
    return (lock->__data.__shared ? TRACE_LOCK_PROCESS_SHARED : 0U) |
           (rwlock_prefers_writer(lock) ? TRACE_LOCK_PREFERS_WRITER : 0U);
}

/* By a writer, or by readers: their number stands above three bits of state. */
static inline bool rwlock_is_locked(const pthread_rwlock_t *lock)
{
    return (lock->__data.__readers & 2) || lock->__data.__readers >> 3;
}

/* Then locking it again is an error, and no wait. */
static inline bool rwlock_is_written_by(const pthread_rwlock_t *lock, const struct thread_state *state)
{
    return lock->__data.__cur_writer == state->kernel_id;
}

#endif
