/* Each thread's memory of what it has already recorded: key -> (context, witness). The fast path looks at the first two places
 * only; these functions know the rest. They run on the owning thread, inside the recorder; what changes the cache or reads
 * the cache of another thread wants the recorder lock held.
 *
 * An entry of a direct call site (call_site.h) stands under its key, where the fast path finds it. In a wrapper function, the
 * call path is to be checked: the first path's entry stands under another key, with its path sum; the first one of each other
 * caller under that key with the caller's return address mixed in, and so on, one level per outer return address. */
#ifndef LOCKORDER_PRELOAD_DEPENDENCY_CACHE_H
#define LOCKORDER_PRELOAD_DEPENDENCY_CACHE_H

#include "recorder.h"
#include "unwind.h"

/* Mixed into all keys. Where it is not 0, the fast path finds none of them. Set before the first entry is made. */
extern uint64_t dependency_cache_salt __attribute__((visibility("hidden")));

/* The entry for a key on the current call path; NULL when there is none. */
struct cache_entry *dependency_cache_find(struct thread_state *state, uint64_t key, uintptr_t frame);

/* Makes the entry for a key on the call path `stack`; its count starts at 0. `checks_path`: other call paths may have the same
 * key. NULL when there is no memory. Entries found earlier may have moved. */
struct cache_entry *dependency_cache_insert(struct thread_state *state, uint64_t key, uintptr_t frame, const struct stack *stack,
                                            bool checks_path);

/* The entry, which was inserted just now, is not to be found again. It may still be read. */
void dependency_cache_drop(struct cache_entry *entry);

/* Drops all entries and counts. */
void dependency_cache_clear(struct thread_state *state);

/* Code was unmapped: no key may match any more. With the recorder lock held; any thread. The owner may be using an entry that
 * it has just found: only keys change. */
void dependency_cache_forget_keys(struct thread_state *state);

/* Gives back the memory of a thread's caches, when the thread has gone. */
void dependency_cache_release(struct thread_state *state);

/* The site of this context is direct: drops its entries, made to have their call path checked, so that the next ones are made
 * where the fast path finds them. With the recorder lock held. */
void dependency_cache_trust_path(struct thread_state *state, uint32_t context);

/* Counts an acquisition in the trace itself, so that the first of each kind is not lost when the process is killed. */
void dependency_cache_count_first(struct thread_state *state, const struct cache_entry *entry);

/* How many acquisitions all entries have counted, since the counts were last written. */
uint64_t dependency_cache_total(const struct thread_state *state);

/* Adds the entries' counts to their witnesses, to the thread's record and to the header. The owner may go on counting, but what
 * it counts from here on is lost: for the end of a thread or of the process. */
void dependency_cache_write_counts(struct thread_state *state);

#endif
