#include "self_deadlock.h"

#include "allocate.h"

uint32_t self_deadlock_held_index(const struct dependency *dependency)
{
    uint32_t i = 0;
    while (i < dependency->held_count && dependency->held[i].lock.index != dependency->lock.index)
        i++;
    return i;
}

enum outcome { OUTCOME_GOES_ON, OUTCOME_WAITS, OUTCOME_WAITS_FOR_WRITERS };

static bool holds_exclusively(const struct dependency *dependency)
{
    for (uint32_t i = 0; i < dependency->held_count; i++) {
        if (dependency->held[i].lock.index == dependency->lock.index && dependency->held[i].mode == TRACE_MODE_EXCLUSIVE)
            return true;
    }
    return false;
}

static enum outcome outcome_at_rwlock(const struct lock *lock, const struct dependency *dependency)
{
    if (holds_exclusively(dependency))
        return OUTCOME_GOES_ON;
    if (dependency->mode == TRACE_MODE_EXCLUSIVE)
        return OUTCOME_WAITS;
    return lock->flags & TRACE_LOCK_PREFERS_WRITER ? OUTCOME_WAITS_FOR_WRITERS : OUTCOME_GOES_ON;
}

/* What comes of wanting a lock that the thread holds. */
static enum outcome outcome_of(const struct lock *lock, const struct dependency *dependency)
{
    switch (lock->kind) {
    case TRACE_LOCK_MUTEX:
    case TRACE_LOCK_MUTEX_ADAPTIVE:
    case TRACE_LOCK_SPIN:
    case TRACE_LOCK_SEMAPHORE:
    case TRACE_LOCK_ONCE:
    case TRACE_LOCK_GUARD:
        return OUTCOME_WAITS;
    case TRACE_LOCK_ANNOTATED:
        return dependency->mode == TRACE_MODE_EXCLUSIVE || holds_exclusively(dependency) ? OUTCOME_WAITS : OUTCOME_GOES_ON;
    case TRACE_LOCK_RWLOCK:
        return outcome_at_rwlock(lock, dependency);
    case TRACE_LOCK_MUTEX_RECURSIVE:
    case TRACE_LOCK_MUTEX_ERRORCHECK:
    case TRACE_LOCK_LOADER:
    case TRACE_LOCK_FILE:
        break;
    }
    return OUTCOME_GOES_ON;
}

static enum outcome outcome_in(const struct world *world, const struct dependency *dependency)
{
    if (self_deadlock_held_index(dependency) == dependency->held_count)
        return OUTCOME_GOES_ON;
    return outcome_of(&world->locks[dependency->lock.index], dependency);
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

static struct self_deadlock make(const struct world *world, uint32_t index, enum outcome outcome)
{
    const struct dependency *dependency = &world->dependencies[index];
    return (struct self_deadlock){.step = finding_step_of(world, (struct dependency_id){index},
                                                          self_deadlock_held_index(dependency), best_segment(dependency), 0),
                                  .timed = (dependency->flags & TRACE_DEPENDENCY_TIMED) != 0,
                                  .needs_writer = outcome == OUTCOME_WAITS_FOR_WRITERS};
}

uint32_t self_deadlock_find(const struct world *world, struct self_deadlock **items)
{
    uint64_t *counts = allocate_zeroed(world->lock_count, sizeof *counts);
    uint32_t count = 0;
    *items = NULL;
    for (uint32_t i = 1; i < world->dependency_count; i++) {
        const struct dependency *dependency = &world->dependencies[i];
        enum outcome outcome = outcome_in(world, dependency);
        if (outcome == OUTCOME_GOES_ON)
            continue;
        counts[dependency->lock.index] += count_of(dependency);
        *items = allocate_grown(*items, count, sizeof **items);
        (*items)[count++] = make(world, i, outcome);
    }
    for (uint32_t i = 0; i < count; i++)
        (*items)[i].step.count = counts[world->dependencies[(*items)[i].step.dependency.index].lock.index];
    free(counts);
    return count;
}
