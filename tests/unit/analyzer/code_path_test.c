#include "unit_test.h"

#include <stdio.h>
#include <stdlib.h>

#include "verdict/code_path.h"

enum { MOST_FRAMES = 4, MOST_PLACES = 16 };

/* A frame at address 10 * n + k is k places; where k is 0, it has no name. */
static bool place_of(void *closure, struct frame frame, uint32_t depth, struct code_place *place)
{
    static char function[32];
    (void)closure;
    if (depth >= frame.address % 10)
        return false;
    snprintf(function, sizeof function, "function_%u_%u", (unsigned)frame.address, (unsigned)depth);
    *place = (struct code_place){function, 1};
    return true;
}

static const struct fingerprint_names names = {.place = place_of};

/* The innermost address comes first; 0 ends them. */
static void add_context(struct world *world, const uint64_t *addresses)
{
    struct context_id id = world_add_context(world);
    struct context *context = &world->contexts[id.index];
    context->frames = calloc(MOST_FRAMES, sizeof *context->frames);
    for (; context->frame_count < MOST_FRAMES && addresses[context->frame_count] != 0; context->frame_count++)
        context->frames[context->frame_count].address = addresses[context->frame_count];
}

static struct world *stacks_with_common_frames(void)
{
    static const uint64_t stacks[][MOST_FRAMES] = {{11, 22, 33, 40}, {53, 22, 33, 40}, {22, 33, 40},     {33, 40},
                                                   {11, 22, 33, 41}, {62, 33, 40},     {11, 22, 33, 40}, {0}};
    struct world *world = world_new();
    for (size_t i = 0; i < sizeof stacks / sizeof stacks[0]; i++)
        add_context(world, stacks[i]);
    return world;
}

/* The functions of the places, 0 for one without a name. */
static uint32_t expected_functions(const struct context *context, uint64_t *functions)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < context->frame_count; i++) {
        struct code_place place;
        uint32_t depth = 0;
        for (; place_of(NULL, context->frames[i], depth, &place); depth++)
            functions[count++] = fingerprint_text_hash(place.function);
        if (depth == 0)
            functions[count++] = 0;
    }
    return count;
}

static void check_path(const struct world *world, struct code_paths *paths, uint32_t context)
{
    uint64_t functions[MOST_PLACES];
    struct code_path path = code_paths_of(paths, (struct context_id){context});
    assert_int_equal(path.count, expected_functions(&world->contexts[context], functions));
    for (uint32_t i = 0; i < path.count; i++)
        assert_int_equal(code_paths_function(paths, path.places[i]), functions[i]);
}

static void a_path_is_the_same_whichever_was_asked_for_before(void **state)
{
    (void)state;
    struct world *world = stacks_with_common_frames();
    for (uint32_t first = 0; first < world->context_count; first++) {
        for (uint32_t step = 1; step < world->context_count; step++) {
            struct code_paths *paths = code_paths_new(world, &names);
            for (uint32_t i = 0; i < world->context_count; i++)
                check_path(world, paths, (first + i * step) % world->context_count);
            code_paths_free(paths);
        }
    }
    world_free(world);
}

static void equal_frames_are_the_same_places(void **state)
{
    (void)state;
    struct world *world = stacks_with_common_frames();
    struct code_paths *paths = code_paths_new(world, &names);
    struct code_path first = code_paths_of(paths, (struct context_id){1}), last = code_paths_of(paths, (struct context_id){7});
    assert_int_equal(first.count, last.count);
    assert_memory_equal(first.places, last.places, first.count * sizeof *first.places);
    code_paths_free(paths);
    world_free(world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_path_is_the_same_whichever_was_asked_for_before),
                                       cmocka_unit_test(equal_frames_are_the_same_places)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
