/* Whether a thread that has said what it waits for (wait.h) closes a circle of threads that wait for each other. */
#ifndef LOCKORDER_PRELOAD_DEADLOCK_H
#define LOCKORDER_PRELOAD_DEADLOCK_H

#include "recorder.h"

/* A quick look, without a lock: false when the one thread that holds the lock is going on. */
bool deadlock_is_possible(const struct thread_state *self);

/* Looks for a circle and records it; returns its number, 1, 2, ... in this process; 0 when there is none, or when it has been
 * recorded already. With the recorder lock. */
uint32_t deadlock_find(struct thread_state *self);

/* A spinlock was unlocked by a thread that did not hold it, so that another one's list still has it. From now on, only waits that
 * are announced count for spinlocks. Any thread, no lock. */
void deadlock_distrust_spinlocks(void);

#endif
