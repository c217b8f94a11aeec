/* Sets of held locks: each lock once, in its strongest mode, sorted. Equal sets are one, known by an index. */
#ifndef LOCKORDER_ANALYZER_VERDICT_HELD_SETS_H
#define LOCKORDER_ANALYZER_VERDICT_HELD_SETS_H

#include "allocate.h"
#include "world.h"
#include <uthash.h>

struct held_member {
    uint32_t lock;
    uint32_t mode;
};

struct held_set {
    uint32_t index; /* 1, 2, ...; 0: not among the others */
    uint32_t count;
    UT_hash_handle hh;
    struct held_member members[];
};

/* Whether two threads cannot have a lock in these modes at the same time. */
static inline bool held_modes_exclude(uint32_t left, uint32_t right)
{
    return left == TRACE_MODE_EXCLUSIVE || right == TRACE_MODE_EXCLUSIVE;
}

/* The world must outlive it. */
struct held_sets *held_sets_new(const struct world *world);
void held_sets_free(struct held_sets *sets);

/* The index, 1, 2, ..., of what a dependency holds; of any list. */
uint32_t held_sets_of(struct held_sets *sets, struct dependency_id dependency);
uint32_t held_sets_of_list(struct held_sets *sets, const struct held_lock *held, uint32_t held_count);

const struct held_set *held_sets_get(const struct held_sets *sets, uint32_t index);

/* A set that is not among the others; the caller frees it. */
struct held_set *held_set_new(const struct held_lock *held, uint32_t held_count);

/* The first member from `from` on whose lock is not below `lock`. */
uint32_t held_set_skip_below(const struct held_set *set, uint32_t from, uint32_t lock);

#endif
