#include "known.h"

#include "fingerprint.h"

struct known *known_find(struct known *table, uint64_t key)
{
    struct known *known;
    HASH_FIND(hh, table, &key, sizeof key, known);
    return known;
}

void known_add(struct known **table, uint64_t key, int64_t finding)
{
    struct known *known = allocate_zeroed(1, sizeof *known);
    known->key = key;
    known->finding = finding;
    HASH_ADD(hh, *table, key, sizeof known->key, known);
}

void known_free(struct known **table)
{
    struct known *known, *next;
    HASH_ITER(hh, *table, known, next)
    {
        HASH_DEL(*table, known);
        free(known);
    }
}

static int compare_keys(const void *left, const void *right)
{
    uint64_t a = *(const uint64_t *)left, b = *(const uint64_t *)right;
    return (a > b) - (a < b);
}

uint64_t known_step_set(const uint64_t *signatures, uint32_t count)
{
    uint64_t *sorted = allocate_zeroed(count, sizeof *sorted);
    memcpy(sorted, signatures, count * sizeof *sorted);
    qsort(sorted, count, sizeof *sorted, compare_keys);
    uint32_t kept = 0;
    for (uint32_t i = 0; i < count; i++) {
        if (kept == 0 || sorted[kept - 1] != sorted[i])
            sorted[kept++] = sorted[i];
    }
    uint64_t set = fingerprint_steps(FINDING_CYCLE, sorted, kept);
    free(sorted);
    return set;
}
