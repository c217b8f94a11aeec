/* Known ways to lock up that have not happened in this run: see the hazards of enum trace_event_kind. Most need to know which
 * locks another thread takes, also where it holds nothing else; so each thread's state has the most recent ones of those that
 * were new
 * (`taken`). Call with the recorder lock held. */
#ifndef LOCKORDER_PRELOAD_HAZARD_H
#define LOCKORDER_PRELOAD_HAZARD_H

#include "acquire.h"
#include "unwind.h"

/* An acquisition that is new, at `stack`: remembers it, and looks whether a signal's handler and other code, or a child and
 * its parent's threads, take the same lock. */
void hazard_acquired(struct thread_state *state, const struct acquisition *acquisition, uint32_t context,
                     const struct stack *stack);

/* A condition wait that is new, at `stack`, which is `context`; with what is still held. */
void hazard_waits_at_condition(struct thread_state *state, uintptr_t mutex, uint32_t context, const struct stack *stack);

/* A join, or a wait at a barrier, is over; `other` is the thread that was waited for. What it took in any segment counts (0), or
 * in one: what was ordered before anyway is no hazard. `stack` is that of the call, if this thread holds anything. */
void hazard_waited_for(struct thread_state *state, enum trace_event_kind kind, const struct thread_state *other, uint32_t segment,
                       const struct stack *stack);

/* In a child after fork, before the parent's tables are forgotten, and after the child's have been made. */
void hazard_read_from_parent(const struct thread_state *self);
void hazard_restart(void);

#endif
