#include "exchange.h"

#include <stdlib.h>

#include "allocate.h"

enum { MOST_SITES = 64 }; /* bits of a set of them. A class with more is believed to be of one kind */

/* A lock was acquired at a site. */
struct acquired {
    uint32_t lock, site;
};

struct sites {
    const struct world *world;
    const struct classes *classes;
    uint64_t numbers[MOST_SITES];
    uint32_t count;
    bool too_many;
    struct acquired *acquired;
    uint32_t acquired_count;
    uint64_t wanted_under[2][MOST_SITES]; /* upward, downward: by the site where the one lock is held, those of the other */
    uint64_t shared[MOST_SITES];          /* with which sites a site has a lock in common */
};

static uint32_t site_of(struct sites *sites, struct context_id context)
{
    uint64_t number = sites->classes->site_of[context.index];
    for (uint32_t i = 0; i < sites->count; i++) {
        if (sites->numbers[i] == number)
            return i;
    }
    if (sites->count == MOST_SITES) {
        sites->too_many = true;
        return 0;
    }
    sites->numbers[sites->count] = number;
    return sites->count++;
}

static void add(struct sites *sites, uint32_t lock, uint32_t site)
{
    sites->acquired = allocate_grown(sites->acquired, sites->acquired_count, sizeof *sites->acquired);
    sites->acquired[sites->acquired_count++] = (struct acquired){lock, site};
}

static void add_uses(struct sites *sites, const struct graph *graph, const struct lock_pair *pair, uint64_t *wanted_under)
{
    for (uint32_t i = 0; i < pair->use_count && !sites->too_many; i++) {
        const struct pair_use *use = &graph->uses[pair->first_use + i];
        const struct dependency *dependency = &sites->world->dependencies[use->dependency.index];
        const struct held_lock *held = &dependency->held[use->held_index];
        uint32_t held_at = site_of(sites, held->context), wanted_at = site_of(sites, dependency->context);
        add(sites, held->lock.index, held_at);
        add(sites, dependency->lock.index, wanted_at);
        wanted_under[held_at] |= (uint64_t)1 << wanted_at;
    }
}

static int by_lock(const void *left, const void *right)
{
    const struct acquired *a = left, *b = right;
    return (a->lock > b->lock) - (a->lock < b->lock);
}

static void share(struct sites *sites)
{
    qsort(sites->acquired, sites->acquired_count, sizeof *sites->acquired, by_lock);
    for (uint32_t first = 0, end; first < sites->acquired_count; first = end) {
        uint64_t of_lock = 0;
        for (end = first; end < sites->acquired_count && sites->acquired[end].lock == sites->acquired[first].lock; end++)
            of_lock |= (uint64_t)1 << sites->acquired[end].site;
        for (uint32_t site = 0; site < sites->count; site++)
            sites->shared[site] |= of_lock >> site & 1 ? of_lock : 0;
    }
}

/* Upward: f, then g. Downward: h under which there is one of those that share a lock with f, itself sharing one with g. */
static bool some_can_meet(const struct sites *sites)
{
    const uint64_t *upward = sites->wanted_under[0], *downward = sites->wanted_under[1];
    for (uint32_t f = 0; f < sites->count; f++) {
        if (upward[f] & downward[f])
            return true;
        for (uint32_t g = 0; g < sites->count; g++) {
            for (uint32_t h = 0; upward[f] >> g & 1 && h < sites->count; h++) {
                if (sites->shared[g] >> h & 1 && downward[h] & sites->shared[f])
                    return true;
            }
        }
    }
    return false;
}

static bool are_initialised_together(const struct classes *classes, const struct world *world, const struct graph *graph,
                                     const struct lock_pair *pair)
{
    return pair->use_count != 0 &&
           classes->initialised_together[world->dependencies[graph->uses[pair->first_use].dependency.index].lock.index];
}

bool exchange_is_possible(const struct world *world, const struct graph *graph, const struct classes *classes,
                          const uint32_t loops[2])
{
    if (!are_initialised_together(classes, world, graph, &graph->pairs[loops[0]]))
        return true;
    struct sites *sites = allocate_zeroed(1, sizeof *sites);
    sites->world = world;
    sites->classes = classes;
    for (uint32_t i = 0; i < 2; i++)
        add_uses(sites, graph, &graph->pairs[loops[i]], sites->wanted_under[i]);
    bool possible = sites->too_many;
    if (!possible) {
        share(sites);
        possible = some_can_meet(sites);
    }
    free(sites->acquired);
    free(sites);
    return possible;
}
