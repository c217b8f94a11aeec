#include "settle.h"

#include "allocate.h"
#include "module_files.h"
#include <uthash.h>

/* --- Shared objects --- */

struct object_entry {
    struct shared_object object;
    uint32_t lock; /* that stands for all of its life */
    UT_hash_handle hh;
};

static void free_objects(struct object_entry **table)
{
    struct object_entry *entry, *next;
    HASH_ITER(hh, *table, entry, next)
    {
        HASH_DEL(*table, entry);
        free(entry);
    }
}

/* Memory that one process unmaps, and perhaps maps again, goes on; what it destroys ends. Which of the lives in another process a
 * lock belongs to is not known: the last one is taken. */
static bool is_same_life(const struct lock *earlier, const struct lock *lock)
{
    return earlier->process.index != lock->process.index || earlier->end_reason == TRACE_LOCK_UNMAPPED;
}

/* Whether it is one with an earlier lock. */
static bool unite_lock(struct world *world, struct object_entry **table, uint32_t lock)
{
    struct object_entry *entry;
    HASH_FIND(hh, *table, &world->locks[lock].object, sizeof entry->object, entry);
    if (entry != NULL && is_same_life(&world->locks[entry->lock], &world->locks[lock])) {
        world->locks[lock].same_as.index = entry->lock;
        return true;
    }
    if (entry != NULL) {
        entry->lock = lock;
        return false;
    }
    entry = allocate_zeroed(1, sizeof *entry);
    entry->object = world->locks[lock].object;
    entry->lock = lock;
    HASH_ADD(hh, *table, object, sizeof entry->object, entry);
    return false;
}

/* Whether there were any to unite. */
static bool unite_locks(struct world *world)
{
    struct object_entry *table = NULL;
    bool any = false;
    for (uint32_t lock = 1; lock < world->lock_count; lock++)
        any |= world->locks[lock].is_shared && unite_lock(world, &table, lock);
    free_objects(&table);
    return any;
}

/* Whoever posts it in one process makes it a signal in all of them; so it is with what it is called. */
static void share_what_is_known(struct world *world)
{
    for (uint32_t i = 1; i < world->lock_count; i++) {
        struct lock *lock = &world->locks[i], *first = &world->locks[lock->same_as.index];
        if (lock->same_as.index == 0)
            continue;
        first->is_signal |= lock->is_signal;
        first->flags |= lock->flags & TRACE_LOCK_PREFERS_WRITER;
        if (first->name == NULL && lock->name != NULL) {
            first->name = allocate_copy(lock->name);
            first->level = lock->level;
        }
    }
}

static void use_first(const struct world *world, struct lock_id *lock)
{
    if (world->locks[lock->index].same_as.index != 0)
        *lock = world->locks[lock->index].same_as;
}

static void use_first_everywhere(struct world *world)
{
    for (uint32_t i = 1; i < world->dependency_count; i++) {
        struct dependency *dependency = &world->dependencies[i];
        use_first(world, &dependency->lock);
        for (uint32_t held = 0; held < dependency->held_count; held++)
            use_first(world, &dependency->held[held].lock);
    }
    for (uint32_t i = 1; i < world->event_count; i++) {
        for (uint32_t step = 0; step < world->events[i].step_count; step++) {
            use_first(world, &world->events[i].steps[step].holds.lock);
            use_first(world, &world->events[i].steps[step].wants.lock);
        }
    }
    for (uint32_t i = 1; i < world->wait_count; i++)
        use_first(world, &world->waits[i].lock);
}

/* --- Waits --- */

/* Locks that were never held together with others have no record. */
static struct lock_id lock_at(const struct world *world, struct process_id process, uint64_t address)
{
    struct lock_id found = {0};
    for (uint32_t i = 1; i < world->lock_count; i++) {
        const struct lock *lock = &world->locks[i];
        if (lock->address == address && lock->process.index == process.index && lock->end_reason == 0)
            found.index = i;
    }
    return found;
}

static void find_locks_of_waits(struct world *world)
{
    for (uint32_t i = 1; i < world->wait_count; i++) {
        struct wait *wait = &world->waits[i];
        if (wait->since != 0 && wait->kind == TRACE_WAIT_LOCK && wait->lock.index == 0)
            wait->lock = lock_at(world, world->threads[wait->thread.index].process, wait->address);
    }
}

/* --- Signals --- */

static bool any_signal(const struct world *world)
{
    for (uint32_t i = 1; i < world->lock_count; i++) {
        if (world->locks[i].is_signal)
            return true;
    }
    return false;
}

static void drop_signals_of_dependency(const struct world *world, struct dependency *dependency)
{
    uint32_t kept = 0;
    for (uint32_t i = 0; i < dependency->held_count; i++) {
        if (!world->locks[dependency->held[i].lock.index].is_signal)
            dependency->held[kept++] = dependency->held[i];
    }
    dependency->held_count = world->locks[dependency->lock.index].is_signal ? 0 : kept;
}

/* What was a wait for a lock, or with one, was none. */
static void drop_event_of_signal(const struct world *world, struct event *event)
{
    for (uint32_t i = 0; i < event->step_count; i++) {
        const struct event_step *step = &event->steps[i];
        if (world->locks[step->holds.lock.index].is_signal || world->locks[step->wants.lock.index].is_signal)
            event->step_count = 0;
    }
}

static void drop_signals(struct world *world)
{
    for (uint32_t i = 1; i < world->dependency_count; i++)
        drop_signals_of_dependency(world, &world->dependencies[i]);
    for (uint32_t i = 1; i < world->event_count; i++)
        drop_event_of_signal(world, &world->events[i]);
}

/* --- Tries --- */

/* A call in a file of code (module_files.h). With no file, the number is that of the process, whose own the address is. */
struct place {
    uint64_t address;
    uint32_t file, process;
};

struct place_entry {
    struct place place;
    UT_hash_handle hh;
};

struct fallbacks {
    struct place_entry *places;
    uint32_t *file_of; /* by module */
};

/* False for a context without frames. */
static bool find_place(const struct world *world, const struct fallbacks *fallbacks, struct context_id id,
                       struct process_id process, struct place *place)
{
    const struct context *context = &world->contexts[id.index];
    if (context->frame_count == 0)
        return false;
    uint32_t module = context->frames[0].module.index;
    *place = (struct place){
        .address = context->frames[0].address, .file = fallbacks->file_of[module], .process = module == 0 ? process.index : 0};
    return true;
}

static bool is_known(const struct fallbacks *fallbacks, const struct place *place)
{
    struct place_entry *entry;
    HASH_FIND(hh, fallbacks->places, place, sizeof *place, entry);
    return entry != NULL;
}

static void add_place(struct fallbacks *fallbacks, const struct place *place)
{
    if (is_known(fallbacks, place))
        return;
    struct place_entry *entry = allocate_zeroed(1, sizeof *entry);
    entry->place = *place;
    HASH_ADD(hh, fallbacks->places, place, sizeof entry->place, entry);
}

static void collect_fallbacks(const struct world *world, struct fallbacks *fallbacks)
{
    fallbacks->file_of = module_files_number(world, MODULE_SAME_BUILD);
    for (uint32_t i = 1; i < world->try_fallback_count; i++) {
        const struct try_fallback *fallback = &world->try_fallbacks[i];
        struct place place;
        if (find_place(world, fallbacks, fallback->tried_at, fallback->process, &place))
            add_place(fallbacks, &place);
    }
}

static void free_fallbacks(struct fallbacks *fallbacks)
{
    struct place_entry *place, *next_place;
    HASH_ITER(hh, fallbacks->places, place, next_place)
    {
        HASH_DEL(fallbacks->places, place);
        free(place);
    }
    free(fallbacks->file_of);
}

static void drop_tries(struct world *world)
{
    struct fallbacks fallbacks = {.places = NULL};
    collect_fallbacks(world, &fallbacks);
    for (uint32_t i = 1; i < world->dependency_count; i++) {
        struct dependency *dependency = &world->dependencies[i];
        struct place place;
        if ((dependency->flags & TRACE_DEPENDENCY_TRY) == 0)
            continue;
        if (!find_place(world, &fallbacks, dependency->context, dependency->process, &place) || !is_known(&fallbacks, &place))
            dependency->held_count = 0;
    }
    free_fallbacks(&fallbacks);
}

/* What has no shared locks and no signals, as most programs, is not gone through for them. */
void trace_settle(struct world *world)
{
    find_locks_of_waits(world);
    if (unite_locks(world)) {
        share_what_is_known(world);
        use_first_everywhere(world);
    }
    if (any_signal(world))
        drop_signals(world);
    drop_tries(world);
}
