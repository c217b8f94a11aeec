#include "world.h"

#include "allocate.h"

/* Appends a zeroed element to an array of the world and gives its index. Ids have 32 bits; memory ends before they do. */
#define WORLD_APPEND(array, count)                                                                                               \
    ((array) = allocate_grown((array), (count), sizeof *(array)), memset(&(array)[(count)], 0, sizeof *(array)), (count)++)

struct process_id world_add_process(struct world *world)
{
    return (struct process_id){WORLD_APPEND(world->processes, world->process_count)};
}

struct module_id world_add_module(struct world *world)
{
    return (struct module_id){WORLD_APPEND(world->modules, world->module_count)};
}

struct thread_id world_add_thread(struct world *world)
{
    return (struct thread_id){WORLD_APPEND(world->threads, world->thread_count)};
}

struct segment_id world_add_segment(struct world *world)
{
    return (struct segment_id){WORLD_APPEND(world->segments, world->segment_count)};
}

struct context_id world_add_context(struct world *world)
{
    return (struct context_id){WORLD_APPEND(world->contexts, world->context_count)};
}

struct lock_id world_add_lock(struct world *world)
{
    return (struct lock_id){WORLD_APPEND(world->locks, world->lock_count)};
}

struct dependency_id world_add_dependency(struct world *world)
{
    return (struct dependency_id){WORLD_APPEND(world->dependencies, world->dependency_count)};
}

struct event *world_add_event(struct world *world)
{
    uint32_t index = WORLD_APPEND(world->events, world->event_count);
    return &world->events[index];
}

struct wait *world_add_wait(struct world *world)
{
    uint32_t index = WORLD_APPEND(world->waits, world->wait_count);
    return &world->waits[index];
}

struct contention *world_add_contention(struct world *world)
{
    uint32_t index = WORLD_APPEND(world->contentions, world->contention_count);
    return &world->contentions[index];
}

struct try_fallback *world_add_try_fallback(struct world *world)
{
    uint32_t index = WORLD_APPEND(world->try_fallbacks, world->try_fallback_count);
    return &world->try_fallbacks[index];
}

struct declared_order *world_add_declared_order(struct world *world)
{
    uint32_t index = WORLD_APPEND(world->declared_orders, world->declared_order_count);
    return &world->declared_orders[index];
}

struct history_call *world_add_history_call(struct world *world)
{
    uint32_t index = WORLD_APPEND(world->history, world->history_count);
    return &world->history[index];
}

struct world *world_new(void)
{
    struct world *world = allocate_zeroed(1, sizeof *world);
    world_add_process(world);
    world_add_module(world);
    world_add_thread(world);
    world_add_segment(world);
    world_add_context(world);
    world_add_lock(world);
    world_add_dependency(world);
    world_add_event(world);
    world_add_wait(world);
    world_add_contention(world);
    world_add_try_fallback(world);
    world_add_declared_order(world);
    world_add_history_call(world);
    return world;
}

static void free_process(struct process *process)
{
    for (uint32_t i = 0; i < process->argument_count; i++)
        free(process->arguments[i]);
    free(process->arguments);
    free(process->executable);
    free(process->trace_path);
}

/* Frees what the elements from these counts on own. */
static void free_elements(struct world *world, const struct world *from)
{
    for (uint32_t i = from->process_count; i < world->process_count; i++)
        free_process(&world->processes[i]);
    for (uint32_t i = from->module_count; i < world->module_count; i++)
        free(world->modules[i].path);
    for (uint32_t i = from->context_count; i < world->context_count; i++)
        free(world->contexts[i].frames);
    for (uint32_t i = from->dependency_count; i < world->dependency_count; i++) {
        free(world->dependencies[i].held);
        free(world->dependencies[i].witnesses);
    }
    for (uint32_t i = from->lock_count; i < world->lock_count; i++)
        free(world->locks[i].name);
    for (uint32_t i = from->event_count; i < world->event_count; i++)
        free(world->events[i].steps);
    for (uint32_t i = from->declared_order_count; i < world->declared_order_count; i++) {
        free(world->declared_orders[i].before);
        free(world->declared_orders[i].after);
    }
}

/* The arrays may be larger than their counts tell afterwards; the next to be added brings them back in step. */
void world_restore(struct world *world, const struct world *earlier)
{
    free_elements(world, earlier);
    world->process_count = earlier->process_count;
    world->module_count = earlier->module_count;
    world->thread_count = earlier->thread_count;
    world->segment_count = earlier->segment_count;
    world->context_count = earlier->context_count;
    world->lock_count = earlier->lock_count;
    world->dependency_count = earlier->dependency_count;
    world->event_count = earlier->event_count;
    world->wait_count = earlier->wait_count;
    world->contention_count = earlier->contention_count;
    world->try_fallback_count = earlier->try_fallback_count;
    world->declared_order_count = earlier->declared_order_count;
    world->history_count = earlier->history_count;
}

void world_free(struct world *world)
{
    if (world == NULL)
        return;
    free_elements(world, &(struct world){.processes = NULL});
    free(world->processes);
    free(world->modules);
    free(world->threads);
    free(world->segments);
    free(world->contexts);
    free(world->locks);
    free(world->dependencies);
    free(world->events);
    free(world->waits);
    free(world->contentions);
    free(world->try_fallbacks);
    free(world->declared_orders);
    free(world->history);
    free(world);
}
