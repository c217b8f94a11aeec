/* Why a circle that is found is there: all of its threads were blocked on the same when the traces were read, after that when the
 * owners were, and after that again when the traces are read once more. So none of them has unlocked anything in between, and at
 * the moment in the middle each waited for the next. */
#include "shared_deadlock.h"

#include <pthread.h>
#include <sys/uio.h>

#include "allocate.h"
#include "trace/load.h"

enum { LONGEST = 64 };

struct circle {
    const struct wait *waits[LONGEST];
    uint32_t count;
};

static const struct wait *wait_of(const struct world *world, struct thread_id thread)
{
    for (uint32_t i = 1; i < world->wait_count; i++) {
        const struct wait *wait = &world->waits[i];
        if (wait->thread.index == thread.index && wait->since != 0 && (wait->flags & TRACE_WAIT_GIVES_UP) == 0)
            return wait;
    }
    return NULL;
}

static const struct process *process_of(const struct world *world, struct thread_id thread)
{
    return &world->processes[world->threads[thread.index].process.index];
}

static struct thread_id thread_by_kernel_id(const struct world *world, int kernel_id)
{
    for (uint32_t i = 1; kernel_id > 0 && i < world->thread_count; i++) {
        const struct thread *thread = &world->threads[i];
        if (thread->kernel_id == (uint32_t)kernel_id && !thread->ended &&
            world->processes[thread->process.index].state == TRACE_STATE_RECORDING)
            return (struct thread_id){i};
    }
    return (struct thread_id){0};
}

static bool is_for_mutex(const struct world *world, const struct wait *wait)
{
    enum trace_lock_kind kind = world->locks[wait->lock.index].kind;
    return wait->kind == TRACE_WAIT_LOCK && wait->lock.index != 0 && kind >= TRACE_LOCK_MUTEX &&
           kind <= TRACE_LOCK_MUTEX_ADAPTIVE;
}

/* The owner that the mutex names; none where that cannot be read. */
static struct thread_id owner_of(const struct world *world, const struct wait *wait)
{
    pthread_mutex_t mutex;
    struct iovec here = {&mutex, sizeof mutex}, there = {(void *)(uintptr_t)wait->address, sizeof mutex};
    pid_t process = (pid_t)process_of(world, wait->thread)->kernel_id;
    if (!is_for_mutex(world, wait) || process_vm_readv(process, &here, 1, &there, 1, 0) != (ssize_t)sizeof mutex)
        return (struct thread_id){0};
    return thread_by_kernel_id(world, mutex.__data.__owner);
}

static const struct wait *next_wait(const struct world *world, const struct wait *wait)
{
    struct thread_id thread = wait->kind == TRACE_WAIT_JOIN ? wait->joined : owner_of(world, wait);
    return thread.index == 0 ? NULL : wait_of(world, thread);
}

/* Whether following the waits leads back to the first. */
static bool follow(const struct world *world, const struct wait *first, struct circle *circle)
{
    circle->count = 0;
    for (const struct wait *wait = first; wait != NULL && circle->count < LONGEST; wait = next_wait(world, wait)) {
        if (circle->count != 0 && wait == first)
            return true;
        circle->waits[circle->count++] = wait;
    }
    return false;
}

static bool is_between_processes(const struct world *world, const struct circle *circle)
{
    for (uint32_t i = 1; i < circle->count; i++) {
        if (process_of(world, circle->waits[i]->thread) != process_of(world, circle->waits[0]->thread))
            return true;
    }
    return false;
}

/* --- Once more --- */

static bool has_wait(const struct world *again, const struct world *world, const struct wait *wait)
{
    const struct thread *thread = &world->threads[wait->thread.index];
    for (uint32_t i = 1; i < again->wait_count; i++) {
        const struct wait *other = &again->waits[i];
        const struct thread *other_thread = &again->threads[other->thread.index];
        if (other_thread->number == thread->number && other->since == wait->since && other->address == wait->address)
            return true;
    }
    return false;
}

static bool lasts(const struct world *world, const struct wait *wait)
{
    struct world *again = world_new();
    struct error error;
    bool same = trace_load(again, process_of(world, wait->thread)->trace_path, &error) == 0 && has_wait(again, world, wait);
    world_free(again);
    return same;
}

static bool all_last(const struct world *world, const struct circle *circle)
{
    for (uint32_t i = 0; i < circle->count; i++) {
        if (!lasts(world, circle->waits[i]))
            return false;
    }
    return true;
}

/* --- The event --- */

static bool is_witness(const struct world *world, const struct dependency *dependency, struct thread_id thread)
{
    for (uint32_t i = 0; i < dependency->witness_count; i++) {
        if (world->segments[dependency->witnesses[i].segment.index].thread.index == thread.index)
            return true;
    }
    return false;
}

/* Whether the dependency says where the thread locked it; of several processes, the lock may have a record of its own in each. */
static bool tells_of(const struct dependency *dependency, uint32_t held, struct lock_id lock, bool waits_there)
{
    return dependency->held[held].lock.index == lock.index || (waits_there && dependency->held_count == 1);
}

/* Where the thread locked what it holds: as it was seen to, at best where it waits now. */
static struct held_lock find_held(const struct world *world, const struct wait *wait, struct lock_id lock)
{
    struct held_lock found = {.lock = lock, .mode = TRACE_MODE_EXCLUSIVE};
    for (uint32_t i = 1; i < world->dependency_count; i++) {
        const struct dependency *dependency = &world->dependencies[i];
        bool waits_there = dependency->context.index == wait->context.index;
        if ((found.context.index != 0 && !waits_there) || !is_witness(world, dependency, wait->thread))
            continue;
        for (uint32_t held = 0; held < dependency->held_count; held++) {
            if (tells_of(dependency, held, lock, waits_there))
                found.context = dependency->held[held].context;
        }
    }
    return found;
}

static void add_event(struct world *world, const struct circle *circle)
{
    struct event_step *steps = allocate_zeroed(circle->count, sizeof *steps);
    for (uint32_t i = 0; i < circle->count; i++) {
        const struct wait *wait = circle->waits[i], *before = circle->waits[(i + circle->count - 1) % circle->count];
        steps[i].thread = wait->thread;
        if (before->kind == TRACE_WAIT_LOCK)
            steps[i].holds = find_held(world, wait, before->lock);
        if (wait->kind == TRACE_WAIT_LOCK)
            steps[i].wants = (struct held_lock){wait->lock, wait->context, TRACE_MODE_EXCLUSIVE};
        else
            steps[i].wants.context = wait->context;
        steps[i].other_thread = wait->joined;
    }
    *world_add_event(world) = (struct event){.kind = TRACE_EVENT_DEADLOCK, .steps = steps, .step_count = circle->count};
}

void shared_deadlock_find(struct world *world)
{
    struct circle circle;
    for (uint32_t i = 1; i < world->wait_count; i++) {
        const struct wait *wait = &world->waits[i];
        if ((wait->flags & TRACE_WAIT_PROCESS_SHARED) == 0 || wait_of(world, wait->thread) != wait)
            continue;
        if (follow(world, wait, &circle) && is_between_processes(world, &circle) && all_last(world, &circle)) {
            add_event(world, &circle);
            return;
        }
    }
}
