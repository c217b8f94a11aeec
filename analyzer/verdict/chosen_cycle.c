#include "chosen_cycle.h"

#include "allocate.h"

bool chosen_cycle_is_timed(const struct chosen_cycle *cycle)
{
    for (uint32_t i = 0; i < cycle->count; i++) {
        if (cycle->chosen[i]->timed)
            return true;
    }
    return false;
}

bool chosen_cycle_needs_writer(const struct chosen_cycle *cycle)
{
    for (uint32_t i = 0; i < cycle->count; i++) {
        if (feasibility_needs_writer(cycle->chosen[i], cycle->chosen[(i + 1) % cycle->count]))
            return true;
    }
    return false;
}

static uint64_t count_of_step(const struct chosen_cycle *cycle, const struct graph *graph, uint32_t step)
{
    return graph->pairs[cycle->pairs[step]].count;
}

uint64_t chosen_cycle_count(const struct chosen_cycle *cycle, const struct graph *graph)
{
    uint64_t count = 0;
    for (uint32_t i = 0; i < cycle->count; i++)
        count += count_of_step(cycle, graph, i);
    return count;
}

/* Where a reader begins: with the order seen most often, which is most likely the intended one. Among equals the functions
 * decide, so that one fault is shown in one way in every run. */
static uint32_t first_step(const struct chosen_cycle *cycle, const struct graph *graph)
{
    uint32_t first = 0;
    for (uint32_t i = 1; i < cycle->count; i++) {
        uint64_t count = count_of_step(cycle, graph, i), first_count = count_of_step(cycle, graph, first);
        if (count > first_count || (count == first_count && cycle->chosen[i]->signature < cycle->chosen[first]->signature))
            first = i;
    }
    return first;
}

struct finding_step *chosen_cycle_steps(const struct chosen_cycle *cycle, const struct graph *graph, const struct world *world)
{
    struct finding_step *steps = allocate_zeroed(cycle->count, sizeof *steps);
    uint32_t first = first_step(cycle, graph);
    for (uint32_t i = 0; i < cycle->count; i++) {
        uint32_t step = (first + i) % cycle->count;
        const struct candidate *candidate = cycle->chosen[step];
        steps[i] = finding_step_of(world, candidate->dependency, candidate->held_index, candidate->segment,
                                   count_of_step(cycle, graph, step));
    }
    return steps;
}
