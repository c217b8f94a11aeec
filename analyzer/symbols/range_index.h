/* Address ranges that may nest and overlap, each with a number; finds the innermost one around an address.
 *
 * An array sorted by start, with the largest end so far beside each element ("augmented" as in an interval tree, Cormen et al.,
 * section 14.3, but static and therefore flat). Of the ranges around an address the one that starts last is the innermost.
 * Look-up is a binary search and, where ranges overlap, a walk to the left that ends where nothing can reach the address. */
#ifndef LOCKORDER_ANALYZER_SYMBOLS_RANGE_INDEX_H
#define LOCKORDER_ANALYZER_SYMBOLS_RANGE_INDEX_H

#include <stdint.h>

#include "allocate.h"

struct range {
    uint64_t start, end; /* end is the address after the last one */
    uint64_t reach;      /* largest end of this range and all before it */
    size_t number;       /* the user's */
    unsigned preference; /* of equal starts, the larger one wins */
};

struct range_index {
    struct range *ranges;
    size_t count;
};

static inline void range_index_add(struct range_index *index, struct range range)
{
    if (range.start >= range.end)
        return;
    index->ranges = allocate_grown(index->ranges, index->count, sizeof *index->ranges);
    index->ranges[index->count++] = range;
}

static inline int range_index_compare(const void *left, const void *right)
{
    const struct range *a = left, *b = right;
    if (a->start != b->start)
        return a->start < b->start ? -1 : 1;
    if (a->preference != b->preference)
        return a->preference < b->preference ? -1 : 1;
    /* What was added first wins, whatever the sort does. */
    return a->number > b->number ? -1 : a->number < b->number;
}

/* To be called after the last range_index_add and before the first range_index_find. */
static inline void range_index_finish(struct range_index *index)
{
    if (index->count == 0)
        return;
    qsort(index->ranges, index->count, sizeof *index->ranges, range_index_compare);
    uint64_t reach = 0;
    for (size_t i = 0; i < index->count; i++) {
        reach = index->ranges[i].end > reach ? index->ranges[i].end : reach;
        index->ranges[i].reach = reach;
    }
}

/* The innermost range around the address, or NULL. */
static inline const struct range *range_index_find(const struct range_index *index, uint64_t address)
{
    size_t low = 0, high = index->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (index->ranges[middle].start <= address)
            low = middle + 1;
        else
            high = middle;
    }
    for (; low > 0 && index->ranges[low - 1].reach > address; low--) {
        if (index->ranges[low - 1].end > address)
            return &index->ranges[low - 1];
    }
    return NULL;
}

static inline void range_index_clear(struct range_index *index)
{
    free(index->ranges);
    *index = (struct range_index){0};
}

#endif
