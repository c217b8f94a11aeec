/* Locks that were initialised and of which nothing else is known yet: where that was, by address, in one word each, so that a
 * lock which lives for one use needs neither the recorder's lock nor a table. What becomes known, or finds no room here, goes to
 * the lock table. Any thread, no lock. */
#ifndef LOCKORDER_PRELOAD_YOUNG_LOCKS_H
#define LOCKORDER_PRELOAD_YOUNG_LOCKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "hash.h"
#include "lock_pages.h"
#include "recorder.h"

/* A word: the address without its two lowest bits, which are 0, above the context. Locks of one granule share the places of a
 * set. */
enum { YOUNG_CONTEXT_BITS = 19, YOUNG_SET_BITS = 9, YOUNG_PLACES = 4, YOUNG_GRANULE_BITS = 6 };

extern uint64_t young_locks[1 << YOUNG_SET_BITS][YOUNG_PLACES] __attribute__((visibility("hidden")));

/* A lock that is added sets its page's number to this, each free from the page that finds none lowers it, and the last of these
 * looks whether the page has any. */
enum { YOUNG_PATIENCE = 16 };

static inline uint8_t *young_page(uintptr_t address)
{
    return &lock_page_of(address)->young;
}

static inline uint64_t *young_set(uintptr_t address)
{
    return young_locks[(address >> YOUNG_GRANULE_BITS) * HASH_GOLDEN >> (64 - YOUNG_SET_BITS)];
}

static inline uintptr_t young_address(uint64_t word)
{
    return (uintptr_t)(word >> YOUNG_CONTEXT_BITS << 2);
}

static inline bool young_is_at(uint64_t word, uintptr_t address)
{
    return young_address(word) == address;
}

/* Whether no young lock lies in the granule of this address, or in one that shares its set. */
static inline bool young_granule_is_empty(uintptr_t address)
{
    const uint64_t *set = young_set(address);
    return !(__atomic_load_n(&set[0], __ATOMIC_RELAXED) | __atomic_load_n(&set[1], __ATOMIC_RELAXED) |
             __atomic_load_n(&set[2], __ATOMIC_RELAXED) | __atomic_load_n(&set[3], __ATOMIC_RELAXED));
}

/* NULL when it is not there. */
static inline uint64_t *young_find(uintptr_t address)
{
    uint64_t *set = young_set(address);
    for (unsigned i = 0; i < YOUNG_PLACES; i++)
        if (young_is_at(__atomic_load_n(&set[i], __ATOMIC_RELAXED), address))
            return &set[i];
    return NULL;
}

/* The page is told after the word was written, which is a full barrier: who finds the page empty looks at the words again. */
static inline bool young_write(uint64_t *place, uint64_t expected, uintptr_t address, uint32_t context)
{
    if (!__atomic_compare_exchange_n(place, &expected, (uint64_t)address >> 2 << YOUNG_CONTEXT_BITS | context, false,
                                     __ATOMIC_SEQ_CST, __ATOMIC_RELAXED))
        return false;
    if (__atomic_load_n(young_page(address), __ATOMIC_RELAXED) != YOUNG_PATIENCE)
        __atomic_store_n(young_page(address), YOUNG_PATIENCE, __ATOMIC_RELAXED);
    return true;
}

static inline bool young_fits(uintptr_t address, uint32_t context)
{
    return !(hash_rotate(address, 62) >> 45 | context >> YOUNG_CONTEXT_BITS); /* a multiple of 4 below 2^47 */
}

/* A lock begins at this address. False when there is another one in its set, or when it does not fit. */
static inline bool young_begin_alone(uintptr_t address, uint32_t context)
{
    return young_fits(address, context) && young_granule_is_empty(address) &&
           young_write(&young_set(address)[0], 0, address, context);
}

/* The same, perhaps beside others, or in place of one that was there. False when there is no room for it. */
bool young_begin(uintptr_t address, uint32_t context);

/* Whether the address was there; then it is no more, and *context says where it was initialised. Only one thread at a time has to
 * do with a lock that begins or ends, and nobody else writes to a place that is not free. */
static inline bool young_take(uintptr_t address, uint32_t *context)
{
    uint64_t *place = young_find(address);
    if (!place)
        return false;
    *context = (uint32_t)__atomic_load_n(place, __ATOMIC_RELAXED) & ((1U << YOUNG_CONTEXT_BITS) - 1);
    __atomic_store_n(place, 0, __ATOMIC_RELAXED);
    return true;
}

/* False when no young lock lies in a small block of memory; of a larger one, its pages tell. */
static inline bool young_may_lie_in(uintptr_t start, size_t size)
{
    const uintptr_t granule = (uintptr_t)1 << YOUNG_GRANULE_BITS;
    if (size > 4 * granule)
        return true;
    for (uintptr_t next = start & ~(granule - 1); next < start + size; next += granule)
        if (!young_granule_is_empty(next))
            return true;
    return false;
}

/* All that lie in a block of memory are no more. */
void young_end_in(uintptr_t start, size_t size);

/* In a child after fork. */
void young_forget_all(void);

#endif
