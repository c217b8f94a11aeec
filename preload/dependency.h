/* The unit of recording: "a thread that holds H waits for lock l". Call with the recorder lock held. */
#ifndef LOCKORDER_PRELOAD_DEPENDENCY_H
#define LOCKORDER_PRELOAD_DEPENDENCY_H

#include "acquire.h"
#include "recorder.h"
#include "unwind.h"

/* Records that this thread, which holds its held list, is about to wait for a lock. `context` is the one of `stack`, the stack
 * at this moment. Returns the place of this segment's witness, in units of 8 bytes; 0 when there is nothing to record (nothing
 * held, or a recursive lock that is held already) or it could not be recorded, which is counted. */
uint32_t dependency_record(struct thread_state *state, const struct acquisition *acquisition, uint32_t context,
                           const struct stack *stack);

/* Whether all that is in the held list is locked. Where a signal handler has interrupted a call that locks, it may not be, so that
 * it is left out of what is recorded. */
bool dependency_holds_all(struct thread_state *state);

/* Records that this thread, which holds nothing, is about to write a lock that lets waiting writers go first. That is no
 * dependency, but readers wait for it. */
void dependency_record_writer(struct thread_state *state, const struct acquisition *acquisition, uint32_t context);

#ifdef LOCKORDER_CHECK
/* Whether the witness at this place is of what the thread is about to do, as the held list and the lock table say; for 0, whether
 * there is nothing to record. */
bool dependency_is_of(struct thread_state *state, const struct acquisition *acquisition, uint32_t place);
#endif

/* In a child after fork. */
void dependency_forget_all(void);

#endif
