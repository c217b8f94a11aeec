/* How interposed functions acquire locks that may not be entered before the thread has them, since the call may fail: they try
 * first. A try that succeeds is entered after it; one that fails says that the thread is about to block. */
#ifndef LOCKORDER_PRELOAD_ACQUIRE_CALL_H
#define LOCKORDER_PRELOAD_ACQUIRE_CALL_H

#include <errno.h>

#include "acquire.h"
#include "history.h"
#include "real.h"
#include "wait.h"

#define EXPORT __attribute__((visibility("default")))
#define SLOW __attribute__((noinline))

#define ACQUISITION(lock_, kind_and_mode_, attempt_)                                                                             \
    {                                                                                                                            \
        .lock = (uintptr_t)(lock_), .kind_and_mode = (kind_and_mode_), .attempt = (attempt_),                                    \
        .return_address = CALL_RETURN_ADDRESS, .frame = CALL_FRAME                                                               \
    }

/* In the slow twin of a function that blocks: of the call that was made there. */
static inline struct acquisition blocking_acquisition(const volatile void *lock, uint32_t kind_and_mode, uintptr_t return_address,
                                                      uintptr_t frame)
{
    return (struct acquisition){.lock = (uintptr_t)lock,
                                .kind_and_mode = kind_and_mode,
                                .attempt = ATTEMPT_BLOCKING,
                                .return_address = return_address,
                                .frame = frame};
}

/* By value, here and below: so that on the fast path, it is in registers. */
static SLOW void acquired_slow(struct acquisition acquisition, struct acquire_sought sought)
{
    if (acquire_on_path(recorder_self, acquisition.lock, acquisition.kind_and_mode, acquisition.attempt,
                        acquisition.return_address, acquisition.frame, sought))
        return;
    acquire(&acquisition);
    history_acquired(acquisition.lock);
}

/* The lock was acquired just now. */
static always_inline void acquired(struct acquisition acquisition)
{
    struct acquire_sought sought;
    if (unlikely(!acquire_fast(recorder_self, acquisition.lock, acquisition.kind_and_mode, acquisition.attempt,
                               acquisition.return_address, acquisition.frame, &sought)))
        acquired_slow(acquisition, sought);
}

/* The lock is about to be released. */
static always_inline void released(uintptr_t lock, uintptr_t return_address, uintptr_t frame)
{
    if (unlikely(!release_fast(recorder_self, lock)))
        release_slow(lock, return_address, frame);
}

static inline bool has_locked(int result)
{
    return result == 0 || result == EOWNERDEAD;
}

/* An acquisition that was entered has ended. */
static inline void acquire_ends(uintptr_t lock, bool locked)
{
    if (locked) {
        history_acquired(lock);
    } else {
        acquire_failed(lock);
        history_failed(lock);
    }
}

static inline struct wait blocks(struct acquisition acquisition)
{
    return wait_begins_for_lock(&acquisition, false);
}

/* In an interposed function that returns 0 or an error: acquires the lock. `attempt` is ATTEMPT_BLOCKING or ATTEMPT_TIMED. */
#define ACQUIRE(lock_, kind_and_mode, attempt_, try_call, call)                                                                  \
    do {                                                                                                                         \
        int result = (try_call);                                                                                                 \
        const struct acquisition acquisition = ACQUISITION(lock_, kind_and_mode, attempt_);                                      \
        if (likely(has_locked(result))) {                                                                                        \
            acquired(acquisition);                                                                                               \
            return result;                                                                                                       \
        }                                                                                                                        \
        struct wait former = blocks(acquisition);                                                                                \
        result = (call);                                                                                                         \
        acquire_ends(acquisition.lock, has_locked(result));                                                                      \
        wait_ends(former);                                                                                                       \
        return result;                                                                                                           \
    } while (0)

static inline void try_failed(struct acquisition acquisition)
{
    wait_try_failed(&acquisition);
    history_failed(acquisition.lock);
}

/* In an interposed function that tries to acquire the lock. */
#define TRY_TO_ACQUIRE(lock_, kind_and_mode, call)                                                                               \
    do {                                                                                                                         \
        int result = (call);                                                                                                     \
        const struct acquisition acquisition = ACQUISITION(lock_, kind_and_mode, ATTEMPT_TRY);                                   \
        if (has_locked(result))                                                                                                  \
            acquired(acquisition);                                                                                               \
        else                                                                                                                     \
            try_failed(acquisition);                                                                                             \
        return result;                                                                                                           \
    } while (0)

/* In an interposed function that releases it: nothing of ours is left on the stack of the real one. */
#define RELEASE(lock, call)                                                                                                      \
    do {                                                                                                                         \
        released((uintptr_t)(lock), CALL_RETURN_ADDRESS, CALL_FRAME);                                                            \
        return call;                                                                                                             \
    } while (0)

/* A lock at this address begins, ends. */
void lock_initialized(const void *lock, uintptr_t return_address, uintptr_t frame);
void lock_destroyed(const void *lock);

#endif
