#include "held_sets.h"

struct held_sets {
    const struct world *world;
    uint32_t *set_of;        /* by dependency; 0: not made yet */
    struct held_set *table;  /* by members */
    struct held_set **items; /* by index */
    uint32_t count;
};

struct held_sets *held_sets_new(const struct world *world)
{
    struct held_sets *sets = allocate_zeroed(1, sizeof *sets);
    sets->world = world;
    sets->set_of = allocate_zeroed(world->dependency_count, sizeof *sets->set_of);
    sets->items = allocate_grown(NULL, 0, sizeof(struct held_set *));
    sets->items[sets->count++] = NULL;
    return sets;
}

void held_sets_free(struct held_sets *sets)
{
    HASH_CLEAR(hh, sets->table);
    for (uint32_t i = 0; i < sets->count; i++)
        free(sets->items[i]);
    free(sets->items);
    free(sets->set_of);
    free(sets);
}

/* Of one lock held twice, the stronger mode first. */
static int compare_members(const void *left, const void *right)
{
    const struct held_member *a = left, *b = right;
    if (a->lock != b->lock)
        return a->lock < b->lock ? -1 : 1;
    return (a->mode != TRACE_MODE_EXCLUSIVE) - (b->mode != TRACE_MODE_EXCLUSIVE);
}

struct held_set *held_set_new(const struct held_lock *held, uint32_t held_count)
{
    struct held_set *set = allocate_zeroed(1, sizeof *set + held_count * sizeof set->members[0]);
    for (uint32_t i = 0; i < held_count; i++)
        set->members[i] = (struct held_member){held[i].lock.index, held[i].mode};
    qsort(set->members, held_count, sizeof set->members[0], compare_members);
    for (uint32_t i = 0; i < held_count; i++) {
        if (set->count == 0 || set->members[set->count - 1].lock != set->members[i].lock)
            set->members[set->count++] = set->members[i];
    }
    return set;
}

uint32_t held_sets_of_list(struct held_sets *sets, const struct held_lock *held, uint32_t held_count)
{
    struct held_set *set = held_set_new(held, held_count), *known;
    size_t size = set->count * sizeof set->members[0];
    HASH_FIND(hh, sets->table, set->members, size, known);
    if (known != NULL) {
        free(set);
        return known->index;
    }
    sets->items = allocate_grown(sets->items, sets->count, sizeof(struct held_set *));
    sets->items[sets->count] = set;
    set->index = sets->count++;
    HASH_ADD_KEYPTR(hh, sets->table, set->members, size, set);
    return set->index;
}

uint32_t held_sets_of(struct held_sets *sets, struct dependency_id id)
{
    const struct dependency *dependency = &sets->world->dependencies[id.index];
    uint32_t *set = &sets->set_of[id.index];
    if (*set == 0)
        *set = held_sets_of_list(sets, dependency->held, dependency->held_count);
    return *set;
}

const struct held_set *held_sets_get(const struct held_sets *sets, uint32_t index)
{
    return sets->items[index];
}

/* Steps that double, then halves: near in most cases. */
uint32_t held_set_skip_below(const struct held_set *set, uint32_t from, uint32_t lock)
{
    uint32_t step = 1, high = from;
    while (high < set->count && set->members[high].lock < lock) {
        from = high + 1;
        high = set->count - high > step ? high + step : set->count;
        step *= 2;
    }
    while (from < high) {
        uint32_t middle = from + (high - from) / 2;
        if (set->members[middle].lock < lock)
            from = middle + 1;
        else
            high = middle;
    }
    return from;
}
