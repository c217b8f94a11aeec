#include "young_locks.h"

#include <string.h>

#define GRANULE ((uintptr_t)1 << YOUNG_GRANULE_BITS)
#define ALL_SETS ((size_t)1 << YOUNG_SET_BITS)

uint64_t young_locks[1 << YOUNG_SET_BITS][YOUNG_PLACES] __attribute__((aligned(64)));

static inline void end_in_set(uint64_t *set, uintptr_t start, uintptr_t end)
{
    if (!(__atomic_load_n(&set[0], __ATOMIC_RELAXED) | __atomic_load_n(&set[1], __ATOMIC_RELAXED) |
          __atomic_load_n(&set[2], __ATOMIC_RELAXED) | __atomic_load_n(&set[3], __ATOMIC_RELAXED)))
        return;
    for (unsigned i = 0; i < YOUNG_PLACES; i++) {
        uint64_t word = __atomic_load_n(&set[i], __ATOMIC_RELAXED);
        if (word && young_address(word) >= start && young_address(word) < end)
            __atomic_compare_exchange_n(&set[i], &word, 0, false, __ATOMIC_RELAXED, __ATOMIC_RELAXED);
    }
}

/* In a large block, each set may have some. */
void young_end_in(uintptr_t start, size_t size)
{
    uintptr_t end = start + size;
    if (size / GRANULE >= ALL_SETS) {
        for (size_t i = 0; i < ALL_SETS; i++)
            end_in_set(young_locks[i], start, end);
        return;
    }
    for (uintptr_t granule = start & ~(GRANULE - 1); granule < end; granule += GRANULE)
        end_in_set(young_set(granule), start, end);
}

void young_forget_all(void)
{
    memset(young_locks, 0, sizeof young_locks);
}
