/* What threads are blocked on, and whether that can ever end.
 *
 * A thread that is about to block says so in its state (`wait`), where other threads read it, and in the trace (trace_wait). Then
 * it looks whether the lock's holders wait, directly or through others, for something that this thread holds: then all of them
 * are blocked for ever. The thread that is the last to block finds the others blocked already, so some thread always sees it.
 *
 * A mutex or a spinlock that seems free is locked without these steps. If it is taken in between, its entry in the held list says
 * what the thread waits for: an entry for a mutex that the mutex does not know of; for a spinlock, the last entry, while another
 * thread that has it waits for something else. The entry is written before the lock is looked at.
 *
 * Why a cycle that is found is there. What blocks a thread cannot go away while that thread's turn depends on this one: this
 * thread holds its locks during the search, so a thread that waits for one of them stays blocked, so what that one holds stays
 * held, and so on backwards. So each link is looked at again from the last to the first; what still holds then, holds for ever. */
#ifndef LOCKORDER_PRELOAD_WAIT_H
#define LOCKORDER_PRELOAD_WAIT_H

#include "acquire.h"
#include "thread_state.h"

/* The thread blocks in an acquisition, which is entered into the held list unless it was already, until wait_ends. Returns what it
 * was blocked on before: a signal handler may interrupt a wait. Outside of the recorder. */
struct wait wait_begins_for_lock(const struct acquisition *acquisition, bool entered);

/* The same for a join, a barrier, and a semaphore that is no lock. */
struct wait wait_begins_for_thread(struct thread_join *join, bool timed, uintptr_t return_address, uintptr_t frame);
struct wait wait_begins_at(enum trace_wait_kind kind, const void *address, uintptr_t return_address, uintptr_t frame);

/* In a condition wait, the thread waits for the mutex too: it will want it, whatever wakes it. With the context of the call. */
struct wait wait_begins_at_condition(const void *condition, uintptr_t mutex, bool timed, uint32_t context);

void wait_ends(struct wait former);

/* A try has failed; if the same thread goes on to wait for the same lock, that is recorded. Outside of the recorder. */
void wait_try_failed(const struct acquisition *acquisition);

/* In a child after fork. */
void wait_forget_all(void);

#endif
