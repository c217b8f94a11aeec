/* What all kinds of locks have in common when they are initialised and destroyed. */
#include "acquire_call.h"
#include "lock_table.h"
#include "young_locks.h"

/* Most locks are neither known from an earlier life nor ever nested. */
static inline bool may_be_young(uintptr_t lock)
{
    return !(lock_page_of(lock)->known && lock_table_may_know(lock)) && lock_table_watches(lock);
}

static SLOW void begin_slow(const void *lock, uintptr_t return_address, uintptr_t frame)
{
    int saved_errno;
    struct thread_state *state;
    uint32_t context = acquire_known_context(return_address, frame);
    if (context && may_be_young((uintptr_t)lock) && young_begin((uintptr_t)lock, context))
        return;
    if (!recorder_enter(&saved_errno))
        return;
    if ((state = acquire_thread_state())) {
        context = acquire_context(state, return_address, frame);
        recorder_lock();
        lock_table_begin_life((uintptr_t)lock, context);
        recorder_unlock();
    }
    recorder_leave(saved_errno);
}

void lock_initialized(const void *lock, uintptr_t return_address, uintptr_t frame)
{
    uint64_t key = acquire_key_of_call(return_address, frame);
    const struct cache_entry *call = acquire_look_up_on_path(recorder_self, key, frame);
    if (unlikely(!call || !call->context || !may_be_young((uintptr_t)lock) || !young_begin_alone((uintptr_t)lock, call->context)))
        begin_slow(lock, return_address, frame);
}

static SLOW void end_slow(const void *lock)
{
    int saved_errno;
    if (!recorder_enter(&saved_errno))
        return;
    recorder_lock();
    lock_table_end_life((uintptr_t)lock, TRACE_LOCK_DESTROYED);
    recorder_unlock();
    recorder_leave(saved_errno);
}

/* To be called before the real function: afterwards the memory may already be another lock. */
void lock_destroyed(const void *lock)
{
    uint32_t initialized_at;
    if (!young_take((uintptr_t)lock, &initialized_at) && lock_table_may_know((uintptr_t)lock))
        end_slow(lock);
}
