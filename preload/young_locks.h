/* Locks that were initialised and of which nothing else is known yet: where that was, by address, in one word each, so that a
 * lock which lives for one use needs neither the recorder's lock nor a table. What becomes known, or finds no room here, goes to
 * the lock table. Any thread, no lock. */
#ifndef LOCKORDER_PRELOAD_YOUNG_LOCKS_H
#define LOCKORDER_PRELOAD_YOUNG_LOCKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "hash.h"

/* A word: the address without its two lowest bits, which are 0, above the context. Locks of one granule share the places of a
 * set. */
enum { YOUNG_CONTEXT_BITS = 19, YOUNG_SET_BITS = 9, YOUNG_PLACES = 4, YOUNG_GRANULE_BITS = 6 };

extern uint64_t young_locks[1 << YOUNG_SET_BITS][YOUNG_PLACES] __attribute__((visibility("hidden")));

/* By page, folded: 0 where no young lock lies. Memory is freed all the time, most of it from pages without locks. A lock that is
 * added sets it to YOUNG_PATIENCE, each free from the page that finds none lowers it, and the last of these looks whether the
 * page has any. */
enum { YOUNG_PAGE_BITS = 12, YOUNG_PAGES = 65536, YOUNG_PATIENCE = 16 };
extern uint8_t young_pages[YOUNG_PAGES] __attribute__((visibility("hidden")));

static inline uint8_t *young_page(uintptr_t address)
{
    return &young_pages[(address >> YOUNG_PAGE_BITS) % YOUNG_PAGES];
}

static inline uint64_t *young_set(uintptr_t address)
{
    return young_locks[(address >> YOUNG_GRANULE_BITS) * HASH_GOLDEN >> (64 - YOUNG_SET_BITS)];
}

static inline uintptr_t young_address(uint64_t word)
{
    return (uintptr_t)(word >> YOUNG_CONTEXT_BITS << 2);
}

/* False when there is no room for it. The address must not be there. */
static inline bool young_add(uintptr_t address, uint32_t context)
{
    uint64_t *set = young_set(address), none = 0;
    if (address >> 47 || address & 3 || context >> YOUNG_CONTEXT_BITS)
        return false;
    for (unsigned i = 0; i < YOUNG_PLACES; i++, none = 0)
        if (!__atomic_load_n(&set[i], __ATOMIC_RELAXED) &&
            __atomic_compare_exchange_n(&set[i], &none, (uint64_t)address >> 2 << YOUNG_CONTEXT_BITS | context, false,
                                        __ATOMIC_SEQ_CST, __ATOMIC_RELAXED)) {
            if (__atomic_load_n(young_page(address), __ATOMIC_SEQ_CST) != YOUNG_PATIENCE)
                __atomic_store_n(young_page(address), YOUNG_PATIENCE, __ATOMIC_RELAXED);
            return true;
        }
    return false;
}

/* NULL when it is not there. */
static inline uint64_t *young_find(uintptr_t address)
{
    uint64_t *set = young_set(address);
    for (unsigned i = 0; i < YOUNG_PLACES; i++) {
        uint64_t word = __atomic_load_n(&set[i], __ATOMIC_RELAXED);
        if (word && young_address(word) == address)
            return &set[i];
    }
    return NULL;
}

/* Whether the address was there; then it is no more, and *context says where it was initialised. */
static inline bool young_take(uintptr_t address, uint32_t *context)
{
    uint64_t *place = young_find(address);
    uint64_t word = place ? __atomic_load_n(place, __ATOMIC_RELAXED) : 0;
    if (!word || young_address(word) != address)
        return false;
    *context = (uint32_t)word & ((1U << YOUNG_CONTEXT_BITS) - 1);
    return __atomic_compare_exchange_n(place, &word, 0, false, __ATOMIC_RELAXED, __ATOMIC_RELAXED);
}

/* False when no young lock lies in a block of memory. */
static inline bool young_may_lie_in(uintptr_t start, size_t size)
{
    for (uintptr_t page = start >> YOUNG_PAGE_BITS << YOUNG_PAGE_BITS; page < start + size;
         page += (uintptr_t)1 << YOUNG_PAGE_BITS)
        if (__atomic_load_n(young_page(page), __ATOMIC_RELAXED))
            return true;
    return false;
}

/* All that lie in a block of memory are no more. */
void young_end_in(uintptr_t start, size_t size);

/* In a child after fork. */
void young_forget_all(void);

#endif
