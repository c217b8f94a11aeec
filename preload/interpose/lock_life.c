/* What all kinds of locks have in common when they are initialised and destroyed. */
#include "acquire_call.h"
#include "lock_table.h"
#include "young_locks.h"

/* Most locks are neither known from an earlier life nor ever nested. */
static bool begins_young(uintptr_t lock, uintptr_t return_address, uintptr_t frame)
{
    uint32_t context;
    if (lock_table_may_know(lock) || !lock_table_watches(lock) || !(context = acquire_known_context(return_address, frame)))
        return false;
    return young_begin(lock, context);
}

void lock_initialized(const void *lock, uintptr_t return_address, uintptr_t frame)
{
    int saved_errno;
    struct thread_state *state;
    if (begins_young((uintptr_t)lock, return_address, frame))
        return;
    if (!recorder_enter(&saved_errno))
        return;
    if ((state = acquire_thread_state())) {
        uint32_t context = acquire_context(state, return_address, frame);
        recorder_lock();
        lock_table_begin_life((uintptr_t)lock, context);
        recorder_unlock();
    }
    recorder_leave(saved_errno);
}

/* To be called before the real function: afterwards the memory may already be another lock. */
void lock_destroyed(const void *lock)
{
    int saved_errno;
    uint32_t initialized_at;
    if (young_take((uintptr_t)lock, &initialized_at) || !lock_table_may_know((uintptr_t)lock) || !recorder_enter(&saved_errno))
        return;
    recorder_lock();
    lock_table_end_life((uintptr_t)lock, TRACE_LOCK_DESTROYED);
    recorder_unlock();
    recorder_leave(saved_errno);
}
