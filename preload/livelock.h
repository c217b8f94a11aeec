/* Two threads that give way to each other: each holds a lock and tries the other's, fails, releases its own, and comes again;
 * nobody is blocked and nobody gets on. That is found where it goes on for a while: each of the two has failed some times in a
 * row, in the same way, and the other one has gone on failing meanwhile. A thread that gets the lock, or waits for it, begins
 * anew. */
#ifndef LOCKORDER_PRELOAD_LIVELOCK_H
#define LOCKORDER_PRELOAD_LIVELOCK_H

#include "acquire.h"

/* A try of this thread has failed. Outside of the recorder. */
void livelock_try_failed(struct thread_state *state, const struct acquisition *acquisition);

/* It waits for this lock instead. */
static inline void livelock_waits(struct thread_state *state, uintptr_t lock)
{
    if (state->retreat.wanted == lock)
        __atomic_store_n(&state->retreat.in_a_row, 0, __ATOMIC_RELAXED);
}

#endif
