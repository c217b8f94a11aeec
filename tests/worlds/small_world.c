#include "small_world.h"

#include "allocate.h"

struct small_world *small_world_new(void)
{
    struct small_world *small = allocate_zeroed(1, sizeof *small);
    small->world = world_new();
    small->actors = allocate_zeroed(1, sizeof *small->actors);
    small->lock_names = allocate_zeroed(1, sizeof *small->lock_names);
    return small;
}

void small_world_free(struct small_world *small)
{
    for (uint32_t i = 0; i < small->world->thread_count; i++)
        free(small->actors[i].held);
    for (uint32_t i = 0; i < small->world->lock_count; i++)
        free(small->lock_names[i]);
    for (uint32_t i = 0; i < small->function_count; i++)
        free(small->functions[i]);
    free(small->actors);
    free(small->lock_names);
    free(small->functions);
    world_free(small->world);
    free(small);
}

struct thread_id small_world_thread(struct small_world *small, const char *name)
{
    for (uint32_t i = 1; i < small->world->thread_count; i++) {
        if (strcmp(small->world->threads[i].name, name) == 0)
            return (struct thread_id){i};
    }
    struct thread_id id = world_add_thread(small->world);
    struct thread *thread = &small->world->threads[id.index];
    snprintf(thread->name, sizeof thread->name, "%s", name);
    thread->number = id.index;
    small->actors = allocate_checked(reallocarray(small->actors, small->world->thread_count, sizeof *small->actors));
    memset(&small->actors[id.index], 0, sizeof *small->actors);
    return id;
}

struct lock_id small_world_lock(struct small_world *small, const char *name)
{
    for (uint32_t i = 1; i < small->world->lock_count; i++) {
        if (strcmp(small->lock_names[i], name) == 0)
            return (struct lock_id){i};
    }
    struct lock_id id = world_add_lock(small->world);
    small->world->locks[id.index].number = id.index;
    small->world->locks[id.index].kind = TRACE_LOCK_MUTEX;
    small->world->locks[id.index].address = SMALL_WORLD_LOCK_SIZE * id.index;
    small->lock_names = allocate_checked(reallocarray(small->lock_names, small->world->lock_count, sizeof(char *)));
    small->lock_names[id.index] = allocate_copy(name);
    return id;
}

/* Functions and contexts are made together, so a context's index is one more than its function's. */
struct context_id small_world_context(struct small_world *small, const char *function)
{
    for (uint32_t i = 0; i < small->function_count; i++) {
        if (strcmp(small->functions[i], function) == 0)
            return (struct context_id){i + 1};
    }
    struct context_id id = world_add_context(small->world);
    struct context *context = &small->world->contexts[id.index];
    context->frames = allocate_zeroed(1, sizeof *context->frames);
    context->frames[0].address = small->function_count;
    context->frame_count = 1;
    small->functions = allocate_grown(small->functions, small->function_count, sizeof(char *));
    small->functions[small->function_count++] = allocate_copy(function);
    return id;
}

void small_world_begin_segment(struct small_world *small, struct thread_id thread, struct segment segment)
{
    struct segment_id id = world_add_segment(small->world);
    segment.thread = thread;
    small->world->segments[id.index] = segment;
    small->actors[thread.index].segment = id;
}

static bool are_equal(struct held_lock left, struct held_lock right)
{
    return left.lock.index == right.lock.index && left.context.index == right.context.index && left.mode == right.mode;
}

static bool is_known(const struct dependency *known, struct held_lock wanted, uint32_t flags, const struct actor *actor)
{
    struct held_lock known_wanted = {known->lock, known->context, known->mode};
    if (!are_equal(known_wanted, wanted) || known->flags != flags || known->held_count != actor->held_count)
        return false;
    for (uint32_t i = 0; i < known->held_count; i++) {
        if (!are_equal(known->held[i], actor->held[i]))
            return false;
    }
    return true;
}

static struct dependency *find_or_make(struct world *world, struct held_lock wanted, uint32_t flags, const struct actor *actor)
{
    for (uint32_t i = 1; i < world->dependency_count; i++) {
        if (is_known(&world->dependencies[i], wanted, flags, actor))
            return &world->dependencies[i];
    }
    struct dependency_id id = world_add_dependency(world);
    struct dependency *dependency = &world->dependencies[id.index];
    dependency->lock = wanted.lock;
    dependency->context = wanted.context;
    dependency->mode = wanted.mode;
    dependency->flags = flags;
    dependency->held = allocate_zeroed(actor->held_count, sizeof *dependency->held);
    dependency->held_count = actor->held_count;
    memcpy(dependency->held, actor->held, actor->held_count * sizeof *dependency->held);
    return dependency;
}

void small_world_wait(struct small_world *small, struct thread_id thread, struct held_lock wanted, uint32_t flags, uint64_t count)
{
    const struct actor *actor = &small->actors[thread.index];
    struct dependency *dependency = find_or_make(small->world, wanted, flags, actor);
    for (uint32_t i = 0; i < dependency->witness_count; i++) {
        if (dependency->witnesses[i].segment.index == actor->segment.index) {
            dependency->witnesses[i].count += count;
            return;
        }
    }
    dependency->witnesses = allocate_grown(dependency->witnesses, dependency->witness_count, sizeof *dependency->witnesses);
    dependency->witnesses[dependency->witness_count++] = (struct witness){actor->segment, count};
}

const char *small_world_function_name(void *small, struct frame frame)
{
    return ((const struct small_world *)small)->functions[frame.address];
}

const char *small_world_lock_name(void *small, struct lock_id lock)
{
    return ((const struct small_world *)small)->lock_names[lock.index];
}

struct fingerprint_names small_world_names(struct small_world *small)
{
    return (struct fingerprint_names){.function = small_world_function_name, .closure = small};
}
