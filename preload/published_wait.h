/* What a thread says that it is blocked on, for other threads to read.
 *
 * Algorithm: a sequence lock, as in Hans-J. Boehm, "Can Seqlocks Get Along With Programming Language Memory Models?", MSPC 2012.
 */
#ifndef LOCKORDER_PRELOAD_PUBLISHED_WAIT_H
#define LOCKORDER_PRELOAD_PUBLISHED_WAIT_H

#include "recorder.h"

/* A signal handler that changes it within leaves the rest to whom it interrupted. */
static always_inline void wait_change(struct thread_state *state, struct wait wait, int memory_order)
{
    uint32_t changes = state->wait_changes;
    __atomic_store_n(&state->wait_changes, changes | 1, __ATOMIC_RELAXED);
    __atomic_thread_fence(__ATOMIC_RELEASE);
    state->wait = wait;
    state->deadlocked = false;
    if (!(changes & 1))
        __atomic_store_n(&state->wait_changes, (state->wait_changes | 1) + 1, memory_order);
}

/* By the thread that is about to block. Others see it before anything that the thread reads afterwards. */
static inline void wait_publish(struct thread_state *state, struct wait wait)
{
    wait_change(state, wait, __ATOMIC_SEQ_CST);
}

/* By the thread that goes on, and waits again for what it did before, if anything. Others may see that later, but before anything
 * that the thread writes afterwards: so it needs no full barrier, for which a contended mutex would stay locked. */
static inline void wait_withdraw(struct thread_state *state, struct wait former)
{
    wait_change(state, former, __ATOMIC_RELEASE);
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
