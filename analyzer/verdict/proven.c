#include "proven.h"

#include "allocate.h"
#include "proof.h"

/* Of the calls that unlock again what they lock, the last ones say how the threads came there. */
enum { CALLS_TOLD = 30 };

struct prover {
    const struct world *world;
    struct timeline **timelines; /* by process; NULL: not made so far */
};

/* A lock of which another life lies at the same address: which life a call means, a history does not say. */
static bool has_other_life(const struct world *world, struct lock_id id)
{
    const struct lock *lock = &world->locks[id.index];
    for (uint32_t i = 1; i < world->lock_count; i++) {
        const struct lock *other = &world->locks[i];
        if (i != id.index && other->address == lock->address && other->process.index == lock->process.index)
            return true;
    }
    return false;
}

/* What other processes do with a lock is in no history of this one. */
static bool can_prove_with(const struct world *world, struct lock_id lock)
{
    bool shared = world->locks[lock.index].is_shared || (world->locks[lock.index].flags & TRACE_LOCK_PROCESS_SHARED) != 0;
    return lock.index != 0 && !shared && !has_other_life(world, lock);
}

static bool can_prove(const struct world *world, const struct finding *finding)
{
    if (finding->kind != FINDING_CYCLE || finding->certainty != CERTAINTY_PREDICTED || finding->across_runs ||
        finding->needs_writer || finding->step_count < 2)
        return false;
    for (uint32_t i = 0; i < finding->step_count; i++) {
        const struct finding_step *step = &finding->steps[i];
        bool same_process = world->threads[step->thread.index].process.index == finding_process(world, finding).index;
        if (!same_process || (step->flags & TRACE_DEPENDENCY_TRY) != 0 || !can_prove_with(world, step->wants.lock))
            return false;
    }
    return true;
}

static bool prove(const struct timeline *timeline, const struct world *world, const struct finding *finding, struct proof *proof)
{
    struct proof_step *steps = allocate_zeroed(finding->step_count, sizeof *steps);
    for (uint32_t i = 0; i < finding->step_count; i++) {
        const struct finding_step *step = &finding->steps[i];
        steps[i] = (struct proof_step){.thread = step->thread,
                                       .holds = world->locks[step->holds.lock.index].address,
                                       .wants = world->locks[step->wants.lock.index].address,
                                       .holds_context = step->holds.context,
                                       .wants_context = step->wants.context};
    }
    bool found = proof_find(timeline, steps, finding->step_count, proof);
    free(steps);
    return found;
}

/* --- The schedule --- */

static struct lock_id lock_at(const struct world *world, struct process_id process, uint64_t address)
{
    for (uint32_t i = 1; i < world->lock_count; i++) {
        if (world->locks[i].address == address && world->locks[i].process.index == process.index)
            return (struct lock_id){i};
    }
    return (struct lock_id){0};
}

static void add_call(struct finding *finding, const struct world *world, const struct timeline *timeline, uint32_t position,
                     enum finding_call_kind kind, bool kept)
{
    const struct timeline_call *call = &timeline->calls[position];
    uint64_t address = timeline->objects[call->object].address;
    finding->schedule = allocate_grown(finding->schedule, finding->schedule_count, sizeof *finding->schedule);
    finding->schedule[finding->schedule_count++] = (struct finding_call){
        .kind = kind,
        .is_kept = kept,
        .thread = timeline->threads[call->thread].thread,
        .lock = lock_at(world, finding_process(world, finding), address),
        .address = address,
        .context = call->context,
    };
}

static bool is_of_cycle(const struct timeline *timeline, const struct proof *proof, uint32_t step_count, uint32_t position)
{
    for (uint32_t i = 0; i < step_count; i++) {
        const struct timeline_call *stop = &timeline->calls[proof->stops_at[i]];
        if (stop->thread == timeline->calls[position].thread)
            return timeline->calls[position].index < stop->index;
    }
    return false;
}

/* A lock that the thread still has when it blocks. */
static bool is_kept(const struct timeline *timeline, const struct proof *proof, uint32_t position)
{
    const struct timeline_call *call = &timeline->calls[position];
    return call->kind == TIMELINE_ACQUIRE &&
           (call->partner == 0 || timeline->calls[call->partner].index >= proof->counts[call->thread]);
}

static bool is_of_lock(const struct timeline_call *call)
{
    return call->kind == TIMELINE_ACQUIRE || call->kind == TIMELINE_RELEASE;
}

/* All that is kept, and the last ones of the rest. */
static void tell_schedule(struct finding *finding, const struct world *world, const struct timeline *timeline,
                          const struct proof *proof)
{
    uint64_t others = 0;
    for (uint32_t position = 1; position < timeline->call_count; position++)
        others += is_of_lock(&timeline->calls[position]) && !is_kept(timeline, proof, position) &&
                  is_of_cycle(timeline, proof, finding->step_count, position);
    finding->schedule_left_out = others > CALLS_TOLD ? others - CALLS_TOLD : 0;
    uint64_t to_leave_out = finding->schedule_left_out;
    for (uint32_t position = 1; position < timeline->call_count; position++) {
        const struct timeline_call *call = &timeline->calls[position];
        if (!is_of_lock(call) || !is_of_cycle(timeline, proof, finding->step_count, position))
            continue;
        bool kept = is_kept(timeline, proof, position);
        if (!kept && to_leave_out > 0)
            to_leave_out--;
        else
            add_call(finding, world, timeline, position,
                     call->kind == TIMELINE_ACQUIRE ? FINDING_CALL_LOCKS : FINDING_CALL_UNLOCKS, kept);
    }
    for (uint32_t i = 0; i < finding->step_count; i++)
        add_call(finding, world, timeline, proof->stops_at[i], FINDING_CALL_BLOCKS, false);
}

/* --- The whole --- */

static void mark(struct prover *prover, struct finding *finding)
{
    struct process_id process = finding_process(prover->world, finding);
    struct timeline **timeline = &prover->timelines[process.index];
    struct proof proof;
    if (*timeline == NULL)
        *timeline = timeline_new(prover->world, process);
    if (!prove(*timeline, prover->world, finding, &proof))
        return;
    finding->certainty = CERTAINTY_PROVEN;
    tell_schedule(finding, prover->world, *timeline, &proof);
    proof_clear(&proof);
}

void proven_mark(const struct world *world, struct findings *findings)
{
    struct prover prover = {world, allocate_zeroed(world->process_count, sizeof(struct timeline *))};
    for (uint32_t i = 0; world->history_count > 1 && i < findings->count; i++) {
        if (can_prove(world, &findings->items[i]))
            mark(&prover, &findings->items[i]);
    }
    for (uint32_t i = 0; i < world->process_count; i++)
        timeline_free(prover.timelines[i]);
    free(prover.timelines);
}
