/* How often and how long threads wait for locks: counted by the thread that waits, in its own records of the trace, after the
 * wait. What is not contended is not counted, so the fast path knows nothing of this. */
#ifndef LOCKORDER_PRELOAD_CONTENTION_H
#define LOCKORDER_PRELOAD_CONTENTION_H

#include "recorder.h"

/* A wait for a lock is about to begin: says who has the lock. */
void contention_begins(struct wait *wait);

/* The wait, of this thread, is over. Outside of the recorder. */
void contention_ends(struct thread_state *state, const struct wait *wait, uint64_t now);

/* In a child after fork: its trace has none of the records. */
void contention_forget(struct thread_state *state);

#endif
