#include "self_deadlock.h"

#include "allocate.h"

uint32_t self_deadlock_held_index(const struct dependency *dependency)
{
    uint32_t i = 0;
    while (i < dependency->held_count && dependency->held[i].lock.index != dependency->lock.index)
        i++;
    return i;
}

static bool blocks_its_own_thread(const struct world *world, const struct dependency *dependency)
{
    enum trace_lock_kind kind = world->locks[dependency->lock.index].kind;
    bool blocks = kind == TRACE_LOCK_MUTEX || kind == TRACE_LOCK_MUTEX_ADAPTIVE;
    return blocks && self_deadlock_held_index(dependency) < dependency->held_count;
}

static uint64_t count_of(const struct dependency *dependency)
{
    uint64_t count = 0;
    for (uint32_t i = 0; i < dependency->witness_count; i++)
        count += dependency->witnesses[i].count;
    return count;
}

/* The witness that saw it most often; none when there is none. */
static struct segment_id best_segment(const struct dependency *dependency)
{
    struct witness best = {.count = 0};
    for (uint32_t i = 0; i < dependency->witness_count; i++) {
        if (best.segment.index == 0 || dependency->witnesses[i].count > best.count)
            best = dependency->witnesses[i];
    }
    return best.segment;
}

static struct self_deadlock make(const struct world *world, uint32_t index)
{
    const struct dependency *dependency = &world->dependencies[index];
    return (struct self_deadlock){.step = finding_step_of(world, (struct dependency_id){index},
                                                          self_deadlock_held_index(dependency), best_segment(dependency), 0),
                                  .timed = (dependency->flags & TRACE_DEPENDENCY_TIMED) != 0};
}

uint32_t self_deadlock_find(const struct world *world, struct self_deadlock **items)
{
    uint64_t *counts = allocate_zeroed(world->lock_count, sizeof *counts);
    uint32_t count = 0;
    *items = NULL;
    for (uint32_t i = 1; i < world->dependency_count; i++) {
        const struct dependency *dependency = &world->dependencies[i];
        if (!blocks_its_own_thread(world, dependency))
            continue;
        counts[dependency->lock.index] += count_of(dependency);
        *items = allocate_grown(*items, count, sizeof **items);
        (*items)[count++] = make(world, i);
    }
    for (uint32_t i = 0; i < count; i++)
        (*items)[i].step.count = counts[world->dependencies[(*items)[i].step.dependency.index].lock.index];
    free(counts);
    return count;
}
