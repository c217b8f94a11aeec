/* Lives of locks, as far as the fast path must know them. When the life of a recorded lock ends, the generation of its address
 * changes, and with it every cache key that the address is part of. Addresses share generations; sharing costs a look-up. */
#ifndef LOCKORDER_PRELOAD_LOCK_GENERATION_H
#define LOCKORDER_PRELOAD_LOCK_GENERATION_H

#include <stdint.h>

#include "hash.h"
#include "recorder.h"

enum { LOCK_GENERATION_BITS = 11 }; /* 8 KB: what the fast path reads stays in the first-level cache */

#define LOCK_GENERATION_STEP                                                                                                     \
    0x9e3779b1U /* odd, so that it takes 2^32 lives to come back to a generation; spreads in cache_place */

extern uint32_t lock_generations[1 << LOCK_GENERATION_BITS] __attribute__((visibility("hidden")));

static always_inline uint32_t *lock_generation_of(uintptr_t lock)
{
    return &lock_generations[lock / 4 % (1 << LOCK_GENERATION_BITS)];
}

/* Locks of one region of memory have numbers that grow with the address, in the bits that cache_place looks at: so a program that
 * walks through an array of locks walks through the cache as well, and the processor fetches what comes next. Regions are spread,
 * and so are the lives of one lock. Larger regions would make more held sets look alike: held_chain. */
enum { LOCK_REGION_BITS = 16 };

/* A little more than 1 << CACHE_PLACE_SHIFT. By how much, held_chain moves to where cache_place looks: so a lock that is taken
 * under each of an array of locks has a place for each of them. Of 1,500 random numbers, the one that crowds the fewest keys into
 * one place (arrays of locks of 4 to 256 bytes, one and two levels below, and the lives of one lock). */
#define LOCK_SALT_STEP 0x80f8b6dU

/* A number for the lock at this address in its present life. */
static always_inline uint64_t lock_salt(uintptr_t lock)
{
    return (lock >> LOCK_REGION_BITS) * HASH_SMALL_PRIME + (lock + *lock_generation_of(lock)) * LOCK_SALT_STEP;
}

static inline void lock_generation_end(uintptr_t lock)
{
    __atomic_fetch_add(lock_generation_of(lock), LOCK_GENERATION_STEP, __ATOMIC_RELAXED);
}

#endif
