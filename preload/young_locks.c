#include "young_locks.h"

#include <string.h>

#define GRANULE ((uintptr_t)1 << YOUNG_GRANULE_BITS)
#define PAGE ((uintptr_t)1 << LOCK_PAGE_BITS)
#define ALL_SETS ((size_t)1 << YOUNG_SET_BITS)

uint64_t young_locks[1 << YOUNG_SET_BITS][YOUNG_PLACES] __attribute__((aligned(64)));

bool young_begin(uintptr_t address, uint32_t context)
{
    uint64_t *set = young_set(address), *former = young_find(address);
    if (!young_fits(address, context))
        return false;
    if (former)
        return young_write(former, __atomic_load_n(former, __ATOMIC_RELAXED), address, context);
    for (unsigned i = 0; i < YOUNG_PLACES; i++)
        if (!__atomic_load_n(&set[i], __ATOMIC_RELAXED) && young_write(&set[i], 0, address, context))
            return true;
    return false;
}

static bool lies_in(uint64_t word, uintptr_t start, uintptr_t end)
{
    return word && young_address(word) >= start && young_address(word) < end;
}

/* Whether there was one. */
static inline bool end_in_set(uint64_t *set, uintptr_t start, uintptr_t end)
{
    bool found = false;
    for (unsigned i = 0; i < YOUNG_PLACES; i++) {
        uint64_t word = __atomic_load_n(&set[i], __ATOMIC_RELAXED);
        if (!lies_in(word, start, end))
            continue;
        __atomic_store_n(&set[i], 0, __ATOMIC_RELAXED);
        found = true;
    }
    return found;
}

static bool has_any(uintptr_t start, uintptr_t end)
{
    for (uintptr_t granule = start; granule < end; granule += GRANULE)
        for (unsigned i = 0; i < YOUNG_PLACES && !young_granule_is_empty(granule); i++)
            if (lies_in(__atomic_load_n(&young_set(granule)[i], __ATOMIC_RELAXED), start, end))
                return true;
    return false;
}

/* Who adds a lock writes first its word and then the page; this is the other way round, so one of the two sees the other. */
static void lose_patience(uintptr_t page)
{
    uint8_t patience = __atomic_load_n(young_page(page), __ATOMIC_RELAXED);
    if (patience > 1)
        __atomic_store_n(young_page(page), patience - 1, __ATOMIC_RELAXED);
    else if (__atomic_exchange_n(young_page(page), 0, __ATOMIC_SEQ_CST) && has_any(page, page + PAGE))
        __atomic_store_n(young_page(page), YOUNG_PATIENCE, __ATOMIC_RELAXED);
}

static void end_in_page(uintptr_t page, uintptr_t start, uintptr_t end)
{
    bool found = false;
    uintptr_t first = start > page ? start & ~(GRANULE - 1) : page;
    for (uintptr_t granule = first; granule < end && granule < page + PAGE; granule += GRANULE)
        found |= !young_granule_is_empty(granule) && end_in_set(young_set(granule), start, end);
    if (!found)
        lose_patience(page);
}

/* In a large block, each set may have some. */
void young_end_in(uintptr_t start, size_t size)
{
    uintptr_t end = start + size;
    if (size / PAGE >= ALL_SETS) {
        for (size_t i = 0; i < ALL_SETS; i++)
            end_in_set(young_locks[i], start, end);
        return;
    }
    for (uintptr_t page = start & ~(PAGE - 1); page < end; page += PAGE)
        if (__atomic_load_n(young_page(page), __ATOMIC_RELAXED))
            end_in_page(page, start, end);
}

void young_forget_all(void)
{
    memset(young_locks, 0, sizeof young_locks);
}
