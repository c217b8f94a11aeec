/* The functions that would have been called without us: those of the next object in the search order, be it libc or another
 * preloaded library. */
#ifndef LOCKORDER_PRELOAD_REAL_H
#define LOCKORDER_PRELOAD_REAL_H

#include <stddef.h>

#include "interposed.h"

struct real_functions {
#define X(result, name, parameters, arguments, version) result(*name) parameters;
    INTERPOSED(X)
#undef X
    /* Not interposed. NULL where the program's `free` comes from an allocator that has none. */
    size_t (*malloc_usable_size)(void *block);
};

/* Callable at any time: before real_resolve has run, each entry leads there first. */
extern struct real_functions real __attribute__((visibility("hidden")));

/* Looks all functions up; the only place that calls dlsym. */
void real_resolve(void);

#endif
