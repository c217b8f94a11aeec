/* The recorder checks itself: only in a build with LOCKORDER_CHECK, which is for its developers. What does not hold ends the
 * program: such a build is no guest. */
#ifndef LOCKORDER_PRELOAD_CHECK_H
#define LOCKORDER_PRELOAD_CHECK_H

#include "recorder.h"

struct acquisition;

#ifdef LOCKORDER_CHECK

/* The thread's cache has answered for an acquisition that has not been entered into the held list so far: what it says is held
 * against the thread's stack, the lock table and the records in the trace. */
void check_known(struct thread_state *state, const struct acquisition *acquisition, const struct cache_entry *entry);

/* Puts itself between the recorder and the C library: of what the real functions return, a list of its own is made, to which the
 * held list is compared at each call. Called once, when the real functions are known. */
void check_install_shadow_list(void);

/* Says what is wrong, and ends the program with SIGABRT. */
_Noreturn void check_failed(const char *what, uintptr_t lock);

#else

#define check_known(state, acquisition, entry) ((void)sizeof(acquisition))
#define check_install_shadow_list() ((void)0)

#endif
#endif
