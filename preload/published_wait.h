/* What a thread says that it is blocked on, for other threads to read.
 *
 * Algorithm: a sequence lock, as in Hans-J. Boehm, "Can Seqlocks Get Along With Programming Language Memory Models?", MSPC 2012.
 */
#ifndef LOCKORDER_PRELOAD_PUBLISHED_WAIT_H
#define LOCKORDER_PRELOAD_PUBLISHED_WAIT_H

#include "recorder.h"

/* By the thread itself. Others see it before anything that the thread reads afterwards. A signal handler that publishes within
 * leaves the rest to whom it interrupted. */
static inline void wait_publish(struct thread_state *state, struct wait wait)
{
    uint32_t changes = state->wait_changes;
    __atomic_store_n(&state->wait_changes, changes | 1, __ATOMIC_RELAXED);
    __atomic_thread_fence(__ATOMIC_RELEASE);
    state->wait = wait;
    state->deadlocked = false;
    if (!(changes & 1))
        __atomic_store_n(&state->wait_changes, (state->wait_changes | 1) + 1, __ATOMIC_SEQ_CST);
}

/* Kind 0 when it is blocked on nothing; false when it is changing that just now. Any thread. */
static inline bool wait_copy(const struct thread_state *state, struct wait *wait)
{
    uint32_t changes = __atomic_load_n(&state->wait_changes, __ATOMIC_ACQUIRE);
    *wait = state->wait;
    __atomic_thread_fence(__ATOMIC_ACQUIRE);
    return !(changes & 1) && __atomic_load_n(&state->wait_changes, __ATOMIC_RELAXED) == changes;
}

#endif
