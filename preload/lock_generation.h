/* Lives of locks, as far as the fast path must know them. When the life of a recorded lock ends, the generation of its address
 * changes, and with it every cache key that the address is part of. Addresses share generations; sharing costs a look-up. */
#ifndef LOCKORDER_PRELOAD_LOCK_GENERATION_H
#define LOCKORDER_PRELOAD_LOCK_GENERATION_H

#include <stdint.h>

#include "hash.h"
#include "recorder.h"

enum { LOCK_GENERATION_BITS = 11 }; /* 4 KB: what the fast path reads stays in the first-level cache */

extern uint16_t lock_generations[1 << LOCK_GENERATION_BITS] __attribute__((visibility("hidden")));

/* A number for the lock at this address in its present life. */
static always_inline uint64_t lock_salt(uintptr_t lock)
{
    uint64_t hash = lock * HASH_PRIME;
    return hash + lock_generations[hash >> (64 - LOCK_GENERATION_BITS)];
}

static inline void lock_generation_end(uintptr_t lock)
{
    uint64_t hash = lock * HASH_PRIME;
    __atomic_fetch_add(&lock_generations[hash >> (64 - LOCK_GENERATION_BITS)], 1, __ATOMIC_RELAXED);
}

#endif
