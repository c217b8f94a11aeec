/* Call stacks as the source has them, and which functions are lock wrappers.
 *
 * A place is a line of a function. A physical frame is several places where functions were inlined into it, so that a path is the
 * same whether the compiler inlined or not. Places have numbers of their own, within one process.
 *
 * A wrapper is a place from which control went back to the caller while the lock taken there was still held: in
 * std::lock_guard's constructor, SDL_LockMutex, apr_thread_mutex_lock, or a program's own take(). No list of names is needed: the
 * stack at which a held lock was taken and the stack at which the next one is wanted, compared from the outermost frame, differ
 * first in the function that still runs; what the former has further in has returned. */
#ifndef LOCKORDER_ANALYZER_VERDICT_CODE_PATH_H
#define LOCKORDER_ANALYZER_VERDICT_CODE_PATH_H

#include "fingerprint.h"

/* The innermost place comes first. */
struct code_path {
    const uint32_t *places;
    uint32_t count;
};

/* The world and what the names come from must outlive it. */
struct code_paths *code_paths_new(const struct world *world, const struct fingerprint_names *names);
void code_paths_free(struct code_paths *paths);

/* Valid until code_paths_free. */
struct code_path code_paths_of(struct code_paths *paths, struct context_id context);

/* Whether unwinding stopped early, for want of unwind tables: then nothing is known of the callers further out. */
bool code_paths_stop_early(const struct code_paths *paths, struct context_id context);

/* A number for the function, the same for all of its places; 0 where it has no name. */
uint64_t code_paths_function(const struct code_paths *paths, uint32_t place);

/* Takes note of what the stacks of the dependencies say about wrappers. */
void code_paths_learn_wrappers(struct code_paths *paths);
bool code_paths_is_wrapper(const struct code_paths *paths, uint32_t place);

/* How many places of the path, from the innermost on, say where a lock is taken: its wrappers, and the first place that is none.
 */
uint32_t code_paths_site_length(const struct code_paths *paths, struct code_path path);

#endif
