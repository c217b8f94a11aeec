#include "witnesses.h"

#include "allocate.h"

void witnesses_keep_first_and_recent(struct world *world, uint32_t count)
{
    for (uint32_t i = 1; i < world->dependency_count; i++) {
        struct dependency *dependency = &world->dependencies[i];
        if (dependency->witness_count <= 2 * count)
            continue;
        uint32_t recent = dependency->witness_count - count;
        memmove(&dependency->witnesses[count], &dependency->witnesses[recent], count * sizeof *dependency->witnesses);
        dependency->witness_count = 2 * count;
    }
}

/* How many of each its thread had done when a segment began. */
struct turns {
    uint32_t creates, joins;
};

static struct turns *count_turns(const struct world *world)
{
    struct turns *turns = allocate_zeroed(world->segment_count, sizeof *turns);
    for (uint32_t i = 1; i < world->segment_count; i++) {
        enum trace_segment_start start = world->segments[i].start;
        turns[i] = turns[world->segments[i].previous.index];
        turns[i].creates += start == TRACE_SEGMENT_CREATE || start == TRACE_SEGMENT_BARRIER;
        turns[i].joins += start == TRACE_SEGMENT_JOIN || start == TRACE_SEGMENT_BARRIER;
    }
    return turns;
}

static struct witness *last_of_thread(const struct world *world, struct witness *witnesses, uint32_t count,
                                      struct thread_id thread)
{
    while (count-- != 0) {
        if (world->segments[witnesses[count].segment.index].thread.index == thread.index)
            return &witnesses[count];
    }
    return NULL;
}

static void keep_turns(const struct world *world, const struct turns *turns, struct dependency *dependency)
{
    uint32_t kept = 0;
    for (uint32_t i = 0; i < dependency->witness_count; i++) {
        struct witness witness = dependency->witnesses[i];
        struct thread_id thread = world->segments[witness.segment.index].thread;
        struct witness *last = last_of_thread(world, dependency->witnesses, kept, thread);
        struct turns now = turns[witness.segment.index];
        if (last != NULL && turns[last->segment.index].joins == now.joins) {
            last->segment = witness.segment;
            last->count += witness.count;
        } else if (last != NULL && turns[last->segment.index].creates == now.creates) {
            last->count += witness.count;
        } else {
            dependency->witnesses[kept++] = witness;
        }
    }
    dependency->witness_count = kept;
}

void witnesses_keep_turns(struct world *world)
{
    struct turns *turns = count_turns(world);
    for (uint32_t i = 1; i < world->dependency_count; i++)
        keep_turns(world, turns, &world->dependencies[i]);
    free(turns);
}
