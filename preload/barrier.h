/* Barriers, as far as they order segments. Call with the recorder lock held. */
#ifndef LOCKORDER_PRELOAD_BARRIER_H
#define LOCKORDER_PRELOAD_BARRIER_H

#include "recorder.h"

#define BARRIER_UNKNOWN UINT64_MAX

/* It is initialised: nobody has arrived. */
void barrier_begins(const pthread_barrier_t *barrier);

/* A thread is about to wait. Returns the round; BARRIER_UNKNOWN when there is no memory. */
uint64_t barrier_arrive(const pthread_barrier_t *barrier, struct thread_state *state);

/* It has waited: its next segment comes after those of all who came to that round. state->stack is that of the call, if the
 * thread holds anything. */
void barrier_leave(const pthread_barrier_t *barrier, uint64_t round, struct thread_state *state);

/* In a child after fork. */
void barrier_forget_all(void);

#endif
