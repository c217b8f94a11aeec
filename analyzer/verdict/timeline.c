#include "timeline.h"

#include "allocate.h"
#include <uthash.h>

struct object_entry {
    uint64_t address;
    uint32_t object;
    bool is_semaphore; /* some thread took it as a lock that is a semaphore */
    bool is_met_at;    /* somebody gave or took there */
    UT_hash_handle hh;
};

/* A lock that a thread has, while the timeline is walked. */
struct held {
    uint32_t object;
    uint32_t acquisition; /* position */
    uint32_t depth;       /* of a recursive lock */
};

struct holder {
    struct held *held;
    size_t count;
};

struct walk {
    struct timeline *timeline;
    struct holder *holders; /* by thread */
    uint32_t *open;         /* by object: position of the acquisition made last of those not released, or 0 */
};

/* --- Calls in order --- */

/* A call of the world's history, with what decides its place. */
struct placed {
    uint64_t number; /* never less than that of the call before in its thread, whatever the file says */
    uint32_t thread;
    uint32_t call; /* index in the world's history */
};

static int compare_placed(const void *left, const void *right)
{
    const struct placed *a = left, *b = right;
    if (a->number != b->number)
        return a->number < b->number ? -1 : 1;
    if (a->thread != b->thread)
        return a->thread < b->thread ? -1 : 1;
    return (a->call > b->call) - (a->call < b->call);
}

static uint32_t thread_of(struct timeline *timeline, uint32_t *dense, struct thread_id thread)
{
    if (dense[thread.index] == 0) {
        timeline->threads = allocate_grown(timeline->threads, timeline->thread_count, sizeof *timeline->threads);
        timeline->threads[timeline->thread_count++] = (struct timeline_thread){.thread = thread};
        dense[thread.index] = timeline->thread_count;
    }
    return dense[thread.index] - 1;
}

/* Returns how many they are; the caller frees them. */
static uint32_t place_calls(struct timeline *timeline, const struct world *world, struct process_id process,
                            struct placed **placed)
{
    uint32_t count = 0;
    uint32_t *dense = allocate_zeroed(world->thread_count, sizeof *dense);
    uint64_t *numbers = allocate_zeroed(world->thread_count, sizeof *numbers);
    *placed = NULL;
    for (uint32_t i = 1; i < world->history_count; i++) {
        const struct history_call *call = &world->history[i];
        uint64_t *number = &numbers[call->thread.index];
        if (world->threads[call->thread.index].process.index != process.index)
            continue;
        *number = call->number > *number ? call->number : *number;
        *placed = allocate_grown(*placed, count, sizeof **placed);
        (*placed)[count++] = (struct placed){*number, thread_of(timeline, dense, call->thread), i};
    }
    free(numbers);
    free(dense);
    if (count != 0)
        qsort(*placed, count, sizeof **placed, compare_placed);
    return count;
}

/* --- Objects --- */

static struct object_entry *find_or_add_object(struct timeline *timeline, uint64_t address)
{
    struct object_entry *entry = NULL;
    HASH_FIND(hh, timeline->by_address, &address, sizeof address, entry);
    if (entry != NULL)
        return entry;
    entry = allocate_zeroed(1, sizeof *entry);
    entry->address = address;
    entry->object = timeline->object_count;
    timeline->objects = allocate_grown(timeline->objects, timeline->object_count, sizeof *timeline->objects);
    timeline->objects[timeline->object_count++] = (struct timeline_object){.address = address};
    HASH_ADD(hh, timeline->by_address, address, sizeof entry->address, entry);
    return entry;
}

/* A semaphore at which others post is no lock: who waited took, who posted gave. */
static enum timeline_kind kind_of(const struct object_entry *object, uint8_t call)
{
    bool is_signal = object->is_semaphore && object->is_met_at;
    switch ((enum trace_history_call)call) {
    case TRACE_HISTORY_ACQUIRED:
        return is_signal ? TIMELINE_TAKE : TIMELINE_ACQUIRE;
    case TRACE_HISTORY_RELEASED:
        return is_signal ? TIMELINE_GIVE : TIMELINE_RELEASE;
    case TRACE_HISTORY_GAVE:
        return TIMELINE_GIVE;
    case TRACE_HISTORY_TOOK:
        return TIMELINE_TAKE;
    case TRACE_HISTORY_FAILED:
        return TIMELINE_FAIL;
    default:
        return TIMELINE_NOTHING;
    }
}

static void append(uint32_t **positions, uint32_t *count, uint32_t position)
{
    *positions = allocate_grown(*positions, *count, sizeof **positions);
    (*positions)[(*count)++] = position;
}

static void add_calls(struct timeline *timeline, const struct world *world, const struct placed *placed, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        const struct history_call *call = &world->history[placed[i].call];
        struct object_entry *object = find_or_add_object(timeline, call->object);
        object->is_semaphore |= call->call == TRACE_HISTORY_ACQUIRED && call->lock_kind == TRACE_LOCK_SEMAPHORE;
        object->is_met_at |= call->call == TRACE_HISTORY_GAVE || call->call == TRACE_HISTORY_TOOK;
    }
    timeline->calls = allocate_zeroed((size_t)count + 1, sizeof *timeline->calls);
    timeline->call_count = count + 1;
    for (uint32_t i = 0; i < count; i++) {
        const struct history_call *call = &world->history[placed[i].call];
        const struct object_entry *object = find_or_add_object(timeline, call->object);
        struct timeline_thread *thread = &timeline->threads[placed[i].thread];
        timeline->calls[i + 1] = (struct timeline_call){.context = call->context,
                                                        .thread = placed[i].thread,
                                                        .index = thread->count,
                                                        .object = object->object,
                                                        .kind = (uint8_t)kind_of(object, call->call),
                                                        .mode = call->mode};
        append(&thread->positions, &thread->count, i + 1);
    }
}

/* --- What calls have to do with each other --- */

static struct held *find_held(struct holder *holder, uint32_t object)
{
    for (size_t i = holder->count; i-- > 0;) {
        if (holder->held[i].object == object)
            return &holder->held[i];
    }
    return NULL;
}

static void acquire(struct walk *walk, uint32_t position)
{
    struct timeline_call *call = &walk->timeline->calls[position];
    struct timeline_object *object = &walk->timeline->objects[call->object];
    struct holder *holder = &walk->holders[call->thread];
    struct held *again = find_held(holder, call->object);
    if (again != NULL) {
        again->depth++;
        call->kind = TIMELINE_NOTHING;
        return;
    }
    if (holder->count == LOCKORDER_TRACE_MAX_HELD) { /* no recorder writes that: no proof goes by here */
        call->kind = TIMELINE_FAIL;
        return;
    }
    call->below = holder->count == 0 ? 0 : holder->held[holder->count - 1].acquisition;
    holder->held = allocate_grown(holder->held, holder->count, sizeof *holder->held);
    holder->held[holder->count++] = (struct held){call->object, position, 1};
    append(&object->acquisitions, &object->acquisition_count, position);
    walk->open[call->object] = position;
}

static void release(struct walk *walk, uint32_t position)
{
    struct timeline_call *calls = walk->timeline->calls, *call = &calls[position];
    struct timeline_object *object = &walk->timeline->objects[call->object];
    struct holder *holder = &walk->holders[call->thread];
    struct held *held = find_held(holder, call->object);
    if (held == NULL || --held->depth > 0) {
        call->kind = TIMELINE_NOTHING;
        return;
    }
    call->partner = held->acquisition;
    calls[held->acquisition].partner = position;
    if (walk->open[call->object] == held->acquisition)
        walk->open[call->object] = 0;
    memmove(held, held + 1, (size_t)(holder->held + holder->count - (held + 1)) * sizeof *held);
    holder->count--;
    append(&object->gifts, &object->gift_count, position);
}

/* What the thread itself holds would be in its way in any order. */
static void fail(const struct walk *walk, uint32_t position)
{
    struct timeline_call *call = &walk->timeline->calls[position];
    call->partner = walk->open[call->object];
    if (call->partner != 0 && walk->timeline->calls[call->partner].thread == call->thread)
        call->kind = TIMELINE_NOTHING;
}

static void connect(struct walk *walk, uint32_t position)
{
    struct timeline_call *call = &walk->timeline->calls[position];
    struct timeline_object *object = &walk->timeline->objects[call->object];
    if (call->kind == TIMELINE_ACQUIRE)
        acquire(walk, position);
    else if (call->kind == TIMELINE_RELEASE)
        release(walk, position);
    else if (call->kind == TIMELINE_GIVE)
        append(&object->gifts, &object->gift_count, position);
    else if (call->kind == TIMELINE_FAIL)
        fail(walk, position);
}

static void connect_all(struct timeline *timeline)
{
    struct walk walk = {.timeline = timeline,
                        .holders = allocate_zeroed(timeline->thread_count, sizeof *walk.holders),
                        .open = allocate_zeroed(timeline->object_count, sizeof *walk.open)};
    for (uint32_t position = 1; position < timeline->call_count; position++)
        connect(&walk, position);
    for (uint32_t i = 0; i < timeline->thread_count; i++)
        free(walk.holders[i].held);
    free(walk.holders);
    free(walk.open);
}

/* --- The whole --- */

struct timeline *timeline_new(const struct world *world, struct process_id process)
{
    struct timeline *timeline = allocate_zeroed(1, sizeof *timeline);
    struct placed *placed;
    uint32_t count = place_calls(timeline, world, process, &placed);
    add_calls(timeline, world, placed, count);
    free(placed);
    connect_all(timeline);
    return timeline;
}

void timeline_free(struct timeline *timeline)
{
    struct object_entry *entry, *next;
    if (timeline == NULL)
        return;
    HASH_ITER(hh, timeline->by_address, entry, next)
    {
        HASH_DEL(timeline->by_address, entry);
        free(entry);
    }
    for (uint32_t i = 0; i < timeline->thread_count; i++)
        free(timeline->threads[i].positions);
    for (uint32_t i = 0; i < timeline->object_count; i++) {
        free(timeline->objects[i].acquisitions);
        free(timeline->objects[i].gifts);
    }
    free(timeline->threads);
    free(timeline->objects);
    free(timeline->calls);
    free(timeline);
}

const struct timeline_object *timeline_find_object(const struct timeline *timeline, uint64_t address)
{
    struct object_entry *entry = NULL;
    HASH_FIND(hh, timeline->by_address, &address, sizeof address, entry);
    return entry == NULL ? NULL : &timeline->objects[entry->object];
}

bool timeline_is_held_at(const struct timeline *timeline, uint32_t acquisition, uint32_t position)
{
    uint32_t release = timeline->calls[acquisition].partner;
    return acquisition < position && (release == 0 || release > position);
}
