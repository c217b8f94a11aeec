/* The history: every lock call of every thread, in order, for verdicts that are to be proven. Only where options.record_full says
 * so.
 *
 * Then no look-up of the fast path succeeds (dependency_cache_salt, HELD_IN_HISTORY), so that all calls take the slow ways; the
 * fast path itself does not know of the history and is not slowed down by it. Each thread writes its own calls into a record of
 * its own, without a lock: struct trace_history says how. An acquisition is written once the thread has the lock, a release while
 * it still has it: so the lock itself keeps calls of several threads in order.
 *
 * What is proven rests on histories that are complete up to their ends. So where a call cannot be written, for whatever reason,
 * the thread's history ends for good, and that is counted.
 *
 * All are to be called outside of the recorder, unless they say otherwise. */
#ifndef LOCKORDER_PRELOAD_HISTORY_H
#define LOCKORDER_PRELOAD_HISTORY_H

#include "recorder.h"

extern bool history_is_kept __attribute__((visibility("hidden")));

/* As the options say; before the first thread's state is made. */
void history_configure(void);

/* A thread begins. Inside the recorder, with its lock held. */
void history_begin(struct thread_state *state);

void history_write_acquired(uintptr_t lock);
void history_write_released(uintptr_t lock);
void history_write_failed(uintptr_t lock);
void history_write_gave(const volatile void *object);
void history_write_took(const volatile void *object);

/* This thread has the lock, which is in its held list. */
static inline void history_acquired(uintptr_t lock)
{
    if (unlikely(history_is_kept))
        history_write_acquired(lock);
}

/* It is about to release it; not yet out of the held list. */
static inline void history_released(uintptr_t lock)
{
    if (unlikely(history_is_kept))
        history_write_released(lock);
}

/* It did not get the lock: what it does next may depend on that. */
static inline void history_failed(uintptr_t lock)
{
    if (unlikely(history_is_kept))
        history_write_failed(lock);
}

/* From here on others may go on who wait at the object for what this thread does; and this thread goes on after such a wait. Also
 * inside the recorder by a thread that has just begun. */
static inline void history_gave(const volatile void *object)
{
    if (unlikely(history_is_kept))
        history_write_gave(object);
}

static inline void history_took(const volatile void *object)
{
    if (unlikely(history_is_kept))
        history_write_took(object);
}

#endif
