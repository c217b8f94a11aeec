/* Birth, death and segments of the program's threads. Call with the recorder lock held, inside the recorder. */
#ifndef LOCKORDER_PRELOAD_THREAD_STATE_H
#define LOCKORDER_PRELOAD_THREAD_STATE_H

#include "recorder.h"

/* What a creator passes to the thread it creates. */
struct thread_origin {
    uint32_t parent;     /* thread id; 0 when unknown */
    uint32_t created_at; /* context id */
    uint32_t segment;    /* of the creator, ended by the create */
    uintptr_t stack_high; /* end of the new thread's stack, as far as it is known to be readable; 0 when it is not */
    uint32_t flags;      /* enum trace_thread_flag */
    bool detached;       /* nobody will join it */
};

/* The state of this thread; made, as a thread of unknown origin, if it has none. NULL when there is no memory. */
struct thread_state *thread_state_current(void);

/* Makes the state of this thread, which begins. */
struct thread_state *thread_state_begin(const struct thread_origin *origin);

/* Whether this is code of the function in which a thread of the program's begins, under its own function. */
bool thread_begins_in(uintptr_t return_address);

/* This thread's function has returned. What it locks afterwards, in destructors of thread-specific data, is still recorded. */
void thread_state_end(struct thread_state *state);

/* The thread with this handle, running or ended; NULL when it is not known. */
struct thread_state *thread_state_find(pthread_t handle);

/* The thread with this kernel id; NULL when it is not known. Any thread, no lock: states are never unmapped. */
struct thread_state *thread_state_by_kernel_id(pid_t kernel_id);

/* One after another, from NULL on; NULL after the last. */
struct thread_state *thread_state_after(const struct thread_state *state);

/* A join under way. `joined` is the thread's state; NULL while it has not begun, or when it is not known. */
struct thread_join {
    pthread_t handle;
    struct thread_state *joined;
    struct thread_state *joiner; /* once it has said that it waits; else NULL */
    struct thread_join *next;    /* of those whose thread has not begun */
};

/* A handle may be another thread's as soon as the real join is over. So the thread that is meant is the one that has it when the
 * join begins or, if that one has yet to begin, the first one that does so. `join` stays in place until the join ends. */
void thread_state_join_begins(struct thread_join *join);
struct thread_state *thread_state_join_ends(struct thread_join *join);

/* Nobody will join the thread with this handle. */
void thread_state_detach(pthread_t handle);

/* After a thread was joined: its state may serve another. */
void thread_state_release(struct thread_state *state);

/* This thread goes on in a new segment, after having created a thread (`other` 0) or having joined one that ended in `other`. */
void thread_state_next_segment(struct thread_state *state, enum trace_segment_start start, uint32_t other);

/* This thread comes to a meeting at a barrier, which ends its segment. Returns the meeting so far, with it: a segment id. */
uint32_t thread_state_meet(const struct thread_state *state, uint32_t meeting);

/* Writes the counts of all threads, and what those that are gone left locked, at the end of the process. */
void thread_state_write_all_counts(void);

/* Code was unmapped: what all threads know by code address is no longer true. */
void thread_state_forget_code(void);

/* In a child after fork: this thread is the only one, and its ids start again. */
void thread_state_restart(struct thread_state *state);

/* Takes the thread's name from the kernel, or sets it. */
void thread_state_set_name(struct thread_state *state, const char *name);

#endif
