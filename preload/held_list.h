/* What a thread holds, in order of acquisition. Only the owner changes it.
 *
 * Signal handlers may lock and unlock at any point of these functions, and use the places above `top`. So a push raises `top`
 * first, and writes the lock last: until then the place says that no lock has it, which is what a pop has left there. Other
 * threads read the list in that order, too. */
#ifndef LOCKORDER_PRELOAD_HELD_LIST_H
#define LOCKORDER_PRELOAD_HELD_LIST_H

#include "hash.h"
#include "lock_generation.h"
#include "recorder.h"

static always_inline bool held_list_is_empty(const struct thread_state *state)
{
    return state->top == state->held;
}

/* Stands for the held set that results from one more lock: all locks with their lives and how they were acquired, and, through
 * the sentinel, the segment. `added` is lock_salt, plus the site of the acquisition or anything that tells it from others. The
 * same set may have several chains; that costs another look-up. Each chain waits for the one below it, so this is the shortest
 * mixing that makes the order of locks count. Locks of one region of memory differ in few bits: 9 times the rotation takes those
 * of five levels apart, and beyond that, locks of three levels would have to differ by just the right amounts
 * (tests/unit/preload/chain_test.c). */
static always_inline uint64_t held_chain(uint64_t below, uint64_t added)
{
    return 9 * hash_rotate(below, 13) + added;
}

static always_inline void held_list_push(struct thread_state *state, struct held_entry entry)
{
    struct held_entry *next = state->top + 1;
    state->top = next;
    COMPILER_BARRIER();
    next->chain = entry.chain;
    next->frame = entry.frame;
    next->details = entry.details;
    COMPILER_BARRIER();
    next->lock = entry.lock;
    COMPILER_BARRIER();
}

/* Takes the last entry out. */
static always_inline void held_list_pop(struct thread_state *state)
{
    state->top->lock = 0;
    COMPILER_BARRIER();
    state->top--;
}

/* False for the last entry where a signal handler has interrupted its push or its pop. Who did that goes on to write there. */
static inline bool held_entry_is_whole(const struct held_entry *entry)
{
    return HELD_LOCK(entry) != 0;
}

/* The innermost entry for a lock; NULL when it is not held. */
static inline struct held_entry *held_list_find(struct thread_state *state, uintptr_t lock)
{
    for (struct held_entry *entry = state->top; entry > state->held; entry--)
        if (HELD_LOCK(entry) == lock)
            return entry;
    return NULL;
}

/* Takes an entry out, wherever it stands. */
void held_list_remove(struct thread_state *state, struct held_entry *entry);

/* Room for one more entry; false at the limit, or without memory. */
bool held_list_make_room(struct thread_state *state);

/* The thread goes on in another segment. */
void held_list_set_root(struct thread_state *state, uint32_t segment);

/* The contexts of all entries were renumbered. */
void held_list_rehash(struct thread_state *state);

#endif
