#include "thread_roles.h"

#include "allocate.h"

static bool starts_with(const char *text, const char *start)
{
    return strncmp(text, start, strlen(start)) == 0;
}

/* How C++ starts any thread says nothing of what this one is for. */
static bool is_how_threads_start(const char *function)
{
    return starts_with(function, "std::") || starts_with(function, "void std::") || starts_with(function, "__gnu_cxx::") ||
           strcmp(function, "execute_native_thread_routine") == 0;
}

/* The outermost function that has a name; unknown for a stack that was cut. */
static uint64_t role_of_stack(const struct world *world, const struct fingerprint_names *names, struct context_id id)
{
    const struct context *context = &world->contexts[id.index];
    if ((context->flags & TRACE_CONTEXT_CUT) != 0 || names->function == NULL)
        return THREAD_ROLE_UNKNOWN;
    for (uint32_t i = context->frame_count; i-- != 0;) {
        const char *function = names->function(names->closure, context->frames[i]);
        if (function == NULL || is_how_threads_start(function))
            continue;
        uint64_t role = fingerprint_text_hash(function);
        return role == THREAD_ROLE_MAIN ? role + 1 : role;
    }
    return THREAD_ROLE_UNKNOWN;
}

static void note_witnesses(const struct world *world, const struct fingerprint_names *names, const struct dependency *dependency,
                           uint64_t *roles)
{
    for (uint32_t i = 0; i < dependency->witness_count; i++) {
        uint64_t *role = &roles[world->segments[dependency->witnesses[i].segment.index].thread.index];
        if (*role == THREAD_ROLE_UNKNOWN)
            *role = role_of_stack(world, names, dependency->context);
    }
}

/* Contexts belong to one process, so what one call created is of one process. */
static void note_creations(const struct world *world, uint64_t *roles)
{
    uint64_t *role_of_creation = allocate_zeroed(world->context_count, sizeof *role_of_creation);
    for (uint32_t i = 1; i < world->thread_count; i++) {
        if (roles[i] != THREAD_ROLE_UNKNOWN)
            role_of_creation[world->threads[i].created_at.index] = roles[i];
    }
    role_of_creation[0] = THREAD_ROLE_UNKNOWN;
    for (uint32_t i = 1; i < world->thread_count; i++) {
        if (roles[i] == THREAD_ROLE_UNKNOWN)
            roles[i] = role_of_creation[world->threads[i].created_at.index];
    }
    free(role_of_creation);
}

uint64_t *thread_roles_find(const struct world *world, const struct fingerprint_names *names)
{
    uint64_t *roles = allocate_zeroed(world->thread_count, sizeof *roles);
    for (uint32_t i = 1; i < world->thread_count; i++) {
        if (world->threads[i].flags & TRACE_THREAD_MAIN)
            roles[i] = THREAD_ROLE_MAIN;
    }
    for (uint32_t i = 1; i < world->dependency_count; i++)
        note_witnesses(world, names, &world->dependencies[i], roles);
    roles[0] = THREAD_ROLE_UNKNOWN;
    note_creations(world, roles);
    return roles;
}
