#include "unit_test.h"

#include <stdlib.h>
#include <string.h>

#include "../../worlds/notation.h"
#include "allocate.h"
#include "verdict/fingerprint.h"
#include "verdict/verdict.h"

/* The fingerprint of the only finding in a world. */
static char *fingerprint_of(const char *world)
{
    struct small_world *small = notation_read(world);
    struct findings *findings = verdict_find(small->world, &(struct verdict_options){0, small_world_names(small)});
    assert_int_equal(findings->count, 1);
    char *fingerprint = allocate_copy(findings->items[0].fingerprint);
    findings_free(findings);
    small_world_free(small);
    return fingerprint;
}

static void compare(const char *left_world, const char *right_world, bool equal)
{
    char *left = fingerprint_of(left_world), *right = fingerprint_of(right_world);
    assert_int_equal(strlen(left), 16);
    assert_int_equal(strspn(left, "0123456789abcdef"), 16);
    assert_int_equal(strcmp(left, right) == 0, equal);
    free(left);
    free(right);
}

static const char plain[] = "T1: A@f B@g\nT2: B@h A@i\n";

static void locks_threads_counts_and_order_have_no_part(void **state)
{
    (void)state;
    compare(plain, plain, true);
    compare(plain, "T9: X@f Y@g*77\nT8: Y@h X@i\n", true);
    compare(plain, "T2: B@h A@i\nT1: A@f B@g\n", true);
    compare(plain, "T1: C G@x\nT1: A@f B@g\nT2: G B@h A@i\n", true);
}

static void each_function_has_a_part(void **state)
{
    (void)state;
    compare(plain, "T1: A@x B@g\nT2: B@h A@i\n", false);
    compare(plain, "T1: A@f B@x\nT2: B@h A@i\n", false);
    compare(plain, "T1: A@f B@g\nT2: B@x A@i\n", false);
    compare(plain, "T1: A@f B@g\nT2: B@h A@x\n", false);
    compare(plain, "T1: A@g B@f\nT2: B@h A@i\n", false);
}

static void the_kind_has_a_part(void **state)
{
    (void)state;
    compare("T1: A@f A@g\n", "T1: A@f A?@g\n", false);
}

/* Three steps in the other direction are another cycle. */
static void the_direction_has_a_part(void **state)
{
    (void)state;
    const uint64_t steps[] = {1, 2, 3}, rotated[] = {3, 1, 2}, reversed[] = {3, 2, 1};
    assert_true(fingerprint_steps(FINDING_CYCLE, steps, 3) == fingerprint_steps(FINDING_CYCLE, rotated, 3));
    assert_true(fingerprint_steps(FINDING_CYCLE, steps, 3) != fingerprint_steps(FINDING_CYCLE, reversed, 3));
}

/* --- Stacks --- */

static const char *name_of_address(void *closure, struct frame frame)
{
    static const char *const names[] = {"lock_account", "transfer", "worker", "start", "clone", "other", "ab", "c", "a", "bc"};
    (void)closure;
    return frame.address < sizeof names / sizeof names[0] ? names[frame.address] : NULL;
}

/* The fingerprint of a step whose held context is this stack, and whose wanted one is empty. */
static uint64_t fingerprint_of_stack(const uint64_t *addresses, uint32_t count, const char *module_path)
{
    struct world *world = world_new();
    struct module_id module = world_add_module(world);
    world->modules[module.index].path = allocate_copy(module_path);
    for (uint32_t i = 0; i < 2; i++) {
        struct context_id id = world_add_context(world);
        struct context *context = &world->contexts[id.index];
        context->frame_count = i == 0 ? count : 0;
        context->frames = allocate_zeroed(count, sizeof *context->frames);
        for (uint32_t frame = 0; frame < context->frame_count; frame++)
            context->frames[frame] = (struct frame){module, addresses[frame]};
    }
    struct held_lock held = {.context = {1}}, other_held = {.context = {2}};
    struct dependency dependency = {.context = {2}, .held = &held, .held_count = 1};
    struct dependency reversed = {.context = {1}, .held = &other_held, .held_count = 1};
    struct fingerprinter *fingerprinter = fingerprinter_new(world, (struct fingerprint_names){.function = name_of_address});
    uint64_t step = fingerprint_step(fingerprinter, &dependency, 0);
    assert_true(step == fingerprint_step(fingerprinter, &dependency, 0));
    assert_true(step != fingerprint_step(fingerprinter, &reversed, 0));
    fingerprinter_free(fingerprinter);
    world_free(world);
    return step;
}

#define STACK(path, ...)                                                                                                         \
    fingerprint_of_stack((const uint64_t[]){__VA_ARGS__}, sizeof((const uint64_t[]){__VA_ARGS__}) / sizeof(uint64_t), path)

static void the_innermost_frames_count(void **state)
{
    (void)state;
    assert_true(STACK("p", 0, 1, 2, 3, 4) == STACK("p", 0, 1, 2, 3, 5));
    assert_true(STACK("p", 0, 1, 2, 3, 4) == STACK("p", 0, 1, 2, 3));
    assert_true(STACK("p", 0, 1, 2, 3) != STACK("p", 0, 1, 2, 5));
    assert_true(STACK("p", 0, 1) != STACK("p", 1, 0));
    assert_true(STACK("p", 6, 7) != STACK("p", 8, 9)); /* "ab" "c", "a" "bc" */
}

static void modules_count_by_name_alone(void **state)
{
    (void)state;
    assert_true(STACK("/usr/bin/bank", 1) == STACK("/opt/bank", 1));
    assert_true(STACK("/usr/bin/bank", 1) != STACK("/usr/bin/other", 1));
    assert_true(STACK("/usr/lib/libjournal.so.1", 1) == STACK("/opt/libjournal.so.2.17", 1));
    assert_true(STACK("/usr/bin/bank", 100) == STACK("/opt/bank", 100));
    assert_true(STACK("/usr/bin/bank", 100) != STACK("/usr/bin/bank", 101));
    assert_true(STACK("/usr/bin/bank", 100) != STACK("/opt/other", 100));
}

/* --- Locks --- */

static const char *variable_at(void *closure, struct module_id module, uint64_t offset)
{
    static const char *const names[] = {NULL, "table[3].rows[5].lock", "table[4].rows[1].lock", "table[].rows[].lock", "total"};
    (void)closure, (void)module;
    return names[offset];
}

/* The fingerprint of a step that holds the lock with the first offset and wants the one with the second; 0: not static. */
static uint64_t fingerprint_of_locks(uint64_t held_offset, uint64_t wanted_offset)
{
    struct world *world = world_new();
    struct module_id module = world_add_module(world), none = {0};
    world->modules[module.index].path = allocate_copy("/opt/bank");
    struct held_lock held = {.lock = world_add_lock(world)};
    struct dependency dependency = {.lock = world_add_lock(world), .held = &held, .held_count = 1};
    world->locks[held.lock.index].module = held_offset == 0 ? none : module;
    world->locks[held.lock.index].offset = held_offset;
    world->locks[dependency.lock.index].module = wanted_offset == 0 ? none : module;
    world->locks[dependency.lock.index].offset = wanted_offset;
    struct fingerprinter *fingerprinter = fingerprinter_new(world, (struct fingerprint_names){.variable = variable_at});
    uint64_t step = fingerprint_step(fingerprinter, &dependency, 0);
    fingerprinter_free(fingerprinter);
    world_free(world);
    return step;
}

static void static_locks_count_without_their_subscripts(void **state)
{
    (void)state;
    assert_true(fingerprint_of_locks(1, 4) == fingerprint_of_locks(2, 4));
    assert_true(fingerprint_of_locks(1, 4) == fingerprint_of_locks(3, 4));
    assert_true(fingerprint_of_locks(1, 4) != fingerprint_of_locks(4, 1));
    assert_true(fingerprint_of_locks(1, 4) != fingerprint_of_locks(0, 4));
    assert_true(fingerprint_of_locks(1, 4) != fingerprint_of_locks(1, 0));
}

/* A fingerprint that changes invalidates every baseline that people have: so this is the number of today. */
static void fingerprints_stay_what_they_are(void **state)
{
    (void)state;
    char *fingerprint = fingerprint_of(plain);
    assert_string_equal(fingerprint, "83b75f55b6955b08");
    free(fingerprint);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(locks_threads_counts_and_order_have_no_part),
        cmocka_unit_test(each_function_has_a_part),
        cmocka_unit_test(the_kind_has_a_part),
        cmocka_unit_test(the_direction_has_a_part),
        cmocka_unit_test(the_innermost_frames_count),
        cmocka_unit_test(modules_count_by_name_alone),
        cmocka_unit_test(static_locks_count_without_their_subscripts),
        cmocka_unit_test(fingerprints_stay_what_they_are),
    };
    return cmocka_run_group_tests_name("fingerprint", tests, NULL, NULL);
}
