#include "proof.h"

#include "allocate.h"

/* Acquisitions of one lock that are in the schedule. */
struct taken {
    uint32_t *open; /* positions: their releases are not in it, so far */
    uint32_t open_count;
    uint32_t last;           /* position of the last one */
    uint32_t last_exclusive; /* of those that exclude all others */
    uint32_t gifts;          /* how many of the object's gifts have been asked for */
};

/* The schedule, while it grows. */
struct closure {
    const struct timeline *timeline;
    uint32_t *counts;    /* by thread */
    struct taken *taken; /* by object */
    uint32_t *wanted;    /* positions up to which threads are still to be followed */
    size_t wanted_count;
    bool impossible; /* something is needed that never came */
};

/* The candidates for one step: acquisitions that do what it says. */
struct instances {
    uint32_t *positions;
    uint32_t count;
    uint32_t at;
};

/* --- The closure --- */

static struct closure closure_new(const struct timeline *timeline)
{
    return (struct closure){.timeline = timeline,
                            .counts = allocate_zeroed(timeline->thread_count, sizeof(uint32_t)),
                            .taken = allocate_zeroed(timeline->object_count, sizeof(struct taken))};
}

/* Keeps the counts. */
static void closure_clear(struct closure *closure)
{
    for (uint32_t i = 0; i < closure->timeline->object_count; i++)
        free(closure->taken[i].open);
    free(closure->taken);
    free(closure->wanted);
}

static void want(struct closure *closure, uint32_t position)
{
    if (position == 0) {
        closure->impossible = true;
        return;
    }
    closure->wanted = allocate_grown(closure->wanted, closure->wanted_count, sizeof *closure->wanted);
    closure->wanted[closure->wanted_count++] = position;
}

static bool is_shared(const struct timeline_call *call)
{
    return call->mode == TRACE_MODE_SHARED;
}

/* Of two that exclude each other, the release of the earlier has to come. */
static void acquire(struct closure *closure, uint32_t position)
{
    const struct timeline_call *calls = closure->timeline->calls, *call = &calls[position];
    struct taken *taken = &closure->taken[call->object];
    for (uint32_t i = 0; i < taken->open_count; i++) {
        const struct timeline_call *other = &calls[taken->open[i]];
        if (taken->open[i] < position && !(is_shared(call) && is_shared(other)))
            want(closure, other->partner);
    }
    if (position < (is_shared(call) ? taken->last_exclusive : taken->last))
        want(closure, call->partner);
    taken->open = allocate_grown(taken->open, taken->open_count, sizeof *taken->open);
    taken->open[taken->open_count++] = position;
    taken->last = position > taken->last ? position : taken->last;
    if (!is_shared(call) && position > taken->last_exclusive)
        taken->last_exclusive = position;
}

static void release(struct closure *closure, const struct timeline_call *call)
{
    struct taken *taken = &closure->taken[call->object];
    for (uint32_t i = 0; i < taken->open_count; i++) {
        if (taken->open[i] == call->partner)
            taken->open[i] = taken->open[--taken->open_count];
    }
}

static void take(struct closure *closure, uint32_t position)
{
    uint32_t number = closure->timeline->calls[position].object;
    const struct timeline_object *object = &closure->timeline->objects[number];
    struct taken *taken = &closure->taken[number];
    while (taken->gifts < object->gift_count && object->gifts[taken->gifts] < position)
        want(closure, object->gifts[taken->gifts++]);
}

static void add(struct closure *closure, uint32_t position)
{
    const struct timeline_call *call = &closure->timeline->calls[position];
    switch ((enum timeline_kind)call->kind) {
    case TIMELINE_ACQUIRE:
        acquire(closure, position);
        break;
    case TIMELINE_RELEASE:
        release(closure, call);
        break;
    case TIMELINE_TAKE:
        take(closure, position);
        break;
    case TIMELINE_FAIL:
        want(closure, call->partner);
        break;
    case TIMELINE_GIVE:
    case TIMELINE_NOTHING:
        break;
    }
}

/* Adds the first `count` calls of a thread, so far as they are not in it. */
static void follow_thread(struct closure *closure, uint32_t thread, uint32_t count)
{
    while (closure->counts[thread] < count && !closure->impossible)
        add(closure, closure->timeline->threads[thread].positions[closure->counts[thread]++]);
}

static void follow_all(struct closure *closure)
{
    while (closure->wanted_count > 0 && !closure->impossible) {
        const struct timeline_call *call = &closure->timeline->calls[closure->wanted[--closure->wanted_count]];
        follow_thread(closure, call->thread, call->index + 1);
    }
}

/* --- A cycle --- */

static bool holds(const struct timeline *timeline, const struct proof_step *step, uint32_t position)
{
    uint32_t held = timeline->calls[position].below;
    for (; held != 0; held = timeline->calls[held].below) {
        const struct timeline_call *call = &timeline->calls[held];
        if (timeline->objects[call->object].address == step->holds && call->context.index == step->holds_context.index &&
            timeline_is_held_at(timeline, held, position))
            return true;
    }
    return false;
}

static bool does(const struct timeline *timeline, const struct proof_step *step, uint32_t position)
{
    const struct timeline_call *call = &timeline->calls[position];
    return timeline->threads[call->thread].thread.index == step->thread.index &&
           call->context.index == step->wants_context.index && holds(timeline, step, position);
}

static struct instances find_instances(const struct timeline *timeline, const struct proof_step *step)
{
    struct instances instances = {.count = 0};
    const struct timeline_object *object = timeline_find_object(timeline, step->wants);
    for (uint32_t i = 0; object != NULL && i < object->acquisition_count; i++) {
        uint32_t position = object->acquisitions[i];
        if (!does(timeline, step, position))
            continue;
        instances.positions = allocate_grown(instances.positions, instances.count, sizeof *instances.positions);
        instances.positions[instances.count++] = position;
    }
    return instances;
}

/* Moves on to the first candidate that the schedule has not gone beyond. False when there is none. */
static bool skip_passed(const struct closure *closure, struct instances *instances, bool *moved)
{
    for (; instances->at < instances->count; instances->at++, *moved = true) {
        const struct timeline_call *call = &closure->timeline->calls[instances->positions[instances->at]];
        if (closure->counts[call->thread] <= call->index)
            return true;
    }
    return false;
}

static bool reach(struct closure *closure, struct instances *instances, uint32_t count)
{
    for (bool moved = true; moved;) {
        for (uint32_t i = 0; i < count; i++) {
            const struct timeline_call *call = &closure->timeline->calls[instances[i].positions[instances[i].at]];
            follow_thread(closure, call->thread, call->index);
        }
        follow_all(closure);
        moved = false;
        for (uint32_t i = 0; i < count; i++) {
            if (closure->impossible || !skip_passed(closure, &instances[i], &moved))
                return false;
        }
    }
    return true;
}

bool proof_find(const struct timeline *timeline, const struct proof_step *steps, uint32_t step_count, struct proof *proof)
{
    struct instances *instances = allocate_zeroed(step_count, sizeof *instances);
    struct closure closure = closure_new(timeline);
    bool any = true, found;
    for (uint32_t i = 0; i < step_count; i++) {
        instances[i] = find_instances(timeline, &steps[i]);
        any &= instances[i].count != 0;
    }
    found = any && reach(&closure, instances, step_count);
    *proof = (struct proof){closure.counts, allocate_zeroed(step_count, sizeof *proof->stops_at)};
    for (uint32_t i = 0; i < step_count; i++) {
        proof->stops_at[i] = found ? instances[i].positions[instances[i].at] : 0;
        free(instances[i].positions);
    }
    free(instances);
    closure_clear(&closure);
    if (!found)
        proof_clear(proof);
    return found;
}

void proof_clear(struct proof *proof)
{
    free(proof->counts);
    free(proof->stops_at);
    *proof = (struct proof){0};
}
