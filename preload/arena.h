/* Memory for the recorder's tables, straight from mmap. */
#ifndef LOCKORDER_PRELOAD_ARENA_H
#define LOCKORDER_PRELOAD_ARENA_H

#include <stddef.h>

/* Zeroed memory, 64-byte aligned; NULL when the system gives none. Small blocks live for ever. Call with the recorder lock held. */
void *arena_allocate(size_t size);

/* In a child after fork: another thread may have been taking a block. */
void arena_abandon(void);

/* So much for later, when the system can no longer be asked. */
void pages_reserve(size_t size);

/* Zeroed pages of their own, which can be given back. NULL when the system gives none. Any thread, no lock. */
void *pages_allocate(size_t size);
void pages_release(void *pages, size_t size);

/* They are zero again, and take no memory until they are used again. */
void pages_forget(void *pages, size_t size);

#endif
