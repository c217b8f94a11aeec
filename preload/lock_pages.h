/* Which pages of memory have locks, for those who free memory: most of it has none. By page, folded: pages share numbers. */
#ifndef LOCKORDER_PRELOAD_LOCK_PAGES_H
#define LOCKORDER_PRELOAD_LOCK_PAGES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { LOCK_PAGE_BITS = 12, LOCK_PAGES = 65536 };

union lock_page {
    struct {
        uint8_t known; /* locks in the table (lock_table.h); stays at its largest value once reached. With the recorder lock */
        uint8_t young; /* 0: no young lock (young_locks.h). Any thread */
    };
    uint16_t both;
};

extern union lock_page lock_pages[LOCK_PAGES] __attribute__((visibility("hidden")));

static inline union lock_page *lock_page_of(uintptr_t address)
{
    return &lock_pages[(address >> LOCK_PAGE_BITS) % LOCK_PAGES];
}

/* What the pages of a block of memory have, together. Any thread, no lock: the block is the caller's, so are the locks in it. */
static inline union lock_page lock_pages_of_block(uintptr_t start, size_t size)
{
    const uintptr_t page = (uintptr_t)1 << LOCK_PAGE_BITS;
    const uintptr_t end = start + (size / page < LOCK_PAGES ? size : LOCK_PAGES * page);
    union lock_page all = {.both = 0};
    for (uintptr_t next = start & ~(page - 1); next < end; next += page)
        all.both |= __atomic_load_n(&lock_page_of(next)->both, __ATOMIC_RELAXED);
    return all;
}

/* In a child after fork. */
void lock_pages_forget_all(void);

#endif
