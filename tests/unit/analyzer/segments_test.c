#include "unit_test.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "../../worlds/notation.h"
#include "verdict/segments.h"

/* Segments are numbered in the order in which the lines begin them. */
static void check_ordered(const char *world, uint32_t first, uint32_t second, bool expected)
{
    struct small_world *small = notation_read(world);
    struct segments *segments = segments_new(small->world);
    assert_int_equal(segments_are_ordered(segments, (struct segment_id){first}, (struct segment_id){second}), expected);
    segments_free(segments);
    small_world_free(small);
}

static void segments_of_one_thread_are_ordered(void **state)
{
    (void)state;
    check_ordered("main: create(T1) create(T2)\n", 1, 3, true);
    check_ordered("main: create(T1) create(T2)\n", 1, 5, true);
    check_ordered("main: create(T1) create(T2)\n", 5, 1, false);
    check_ordered("main: create(T1) create(T2)\n", 3, 3, false);
}

static void create_orders_before_and_leaves_after_concurrent(void **state)
{
    (void)state;
    check_ordered("main: create(T1)\n", 1, 2, true);  /* before the create, in the thread */
    check_ordered("main: create(T1)\n", 3, 2, false); /* after it */
    check_ordered("main: create(T1)\n", 2, 3, false);
}

static void join_orders_the_joined_thread_before(void **state)
{
    (void)state;
    check_ordered("main: create(T1) join(T1)\n", 2, 4, true);
    check_ordered("main: create(T1) join(T1)\n", 2, 3, false);
    check_ordered("main: create(T1) join(T1) create(T2)\n", 2, 5, true);
    check_ordered("main: create(T1) create(T2) join(T1)\n", 2, 4, false);
}

static void grandchildren_follow_their_grandparents(void **state)
{
    (void)state;
    check_ordered("main: create(T1)\nT1: create(T2)\n", 1, 4, true);
    check_ordered("main: create(T1)\nT1: create(T2)\n", 3, 4, false);
}

/* Segments: T1 is 1, T2 is 2, T3 is 3; then the arrivals of T1 and T2, and what they go on in. */
static void a_barrier_orders_all_before_it_and_all_after(void **state)
{
    (void)state;
    const char *world = "T1: A\nT2: A\nT3: A\nbarrier T1 T2\n";
    check_ordered(world, 1, 7, true);
    check_ordered(world, 2, 6, true);
    check_ordered(world, 1, 6, true);
    check_ordered(world, 6, 7, false);
    check_ordered(world, 7, 6, false);
    check_ordered(world, 3, 6, false);
    check_ordered("T1: A\nT2: A\nbarrier T1 T2\nbarrier T1 T2\n", 1, 10, true); /* T2 after the second */
    check_ordered("T1: A\nT2: A\nbarrier T1 T2\nbarrier T1 T2\n", 5, 10, true);
}

static void threads_that_nobody_created_are_concurrent_to_all(void **state)
{
    (void)state;
    check_ordered("T1: A\nT2: A\n", 1, 2, false);
    check_ordered("T1: A\nT2: A\n", 2, 1, false);
}

static void one_thread_is_never_concurrent_to_itself(void **state)
{
    (void)state;
    struct small_world *small = notation_read("main: create(T1)\nT2: A\n");
    struct segments *segments = segments_new(small->world);
    assert_false(segments_are_concurrent(segments, (struct segment_id){1}, (struct segment_id){1}));
    assert_false(segments_are_concurrent(segments, (struct segment_id){1}, (struct segment_id){3}));
    assert_false(segments_are_concurrent(segments, (struct segment_id){1}, (struct segment_id){2}));
    assert_true(segments_are_concurrent(segments, (struct segment_id){2}, (struct segment_id){3}));
    assert_true(segments_are_concurrent(segments, (struct segment_id){4}, (struct segment_id){1}));
    segments_free(segments);
    small_world_free(small);
}

/* --- Random graphs against a transitive closure --- */

enum { RANDOM_SEGMENTS = 60 };

static uint32_t below(uint64_t *seed, uint32_t limit)
{
    *seed = *seed * 6364136223846793005ULL + 1442695040888963407ULL; /* Knuth's MMIX */
    return (uint32_t)(*seed >> 33) % limit;
}

static void make_random(struct world *world, uint64_t seed)
{
    uint32_t parents = 1 + below(&seed, 4);
    for (uint32_t i = 1; i < RANDOM_SEGMENTS; i++) {
        struct segment_id id = world_add_segment(world);
        struct segment *segment = &world->segments[id.index];
        segment->thread.index = i;
        if (below(&seed, 4) < parents)
            segment->previous.index = below(&seed, i);
        if (below(&seed, 4) < parents)
            segment->other.index = below(&seed, i);
    }
}

static void check_random(uint64_t seed)
{
    bool before[RANDOM_SEGMENTS][RANDOM_SEGMENTS] = {{false}};
    struct world *world = world_new();
    make_random(world, seed);
    for (uint32_t i = 1; i < RANDOM_SEGMENTS; i++) {
        for (uint32_t from = 1; from < i; from++) {
            uint32_t previous = world->segments[i].previous.index, other = world->segments[i].other.index;
            before[from][i] = from == previous || from == other || before[from][previous] || before[from][other];
        }
    }
    struct segments *segments = segments_new(world);
    for (uint32_t from = 1; from < RANDOM_SEGMENTS; from++) {
        for (uint32_t to = 1; to < RANDOM_SEGMENTS; to++) {
            if (segments_are_ordered(segments, (struct segment_id){from}, (struct segment_id){to}) != before[from][to])
                fail_msg("seed %u: segment %u before %u", (unsigned)seed, (unsigned)from, (unsigned)to);
        }
    }
    segments_free(segments);
    world_free(world);
}

static void random_graphs_are_ordered_as_their_transitive_closure(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 500; seed++)
        check_random(seed);
}

/* A million segments in a row, each question about its ends. */
static void a_long_chain_is_answered_at_once(void **state)
{
    (void)state;
    enum { LENGTH = 1000000 };
    struct world *world = world_new();
    for (uint32_t i = 1; i <= LENGTH; i++) {
        struct segment_id id = world_add_segment(world);
        world->segments[id.index].thread.index = i;
        world->segments[id.index].other.index = i - 1;
    }
    struct segments *segments = segments_new(world);
    for (uint32_t i = 1; i < 1000; i++) {
        assert_true(segments_are_ordered(segments, (struct segment_id){i}, (struct segment_id){LENGTH - i}));
        assert_false(segments_are_ordered(segments, (struct segment_id){LENGTH - i}, (struct segment_id){i}));
    }
    segments_free(segments);
    world_free(world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(segments_of_one_thread_are_ordered),
        cmocka_unit_test(create_orders_before_and_leaves_after_concurrent),
        cmocka_unit_test(join_orders_the_joined_thread_before),
        cmocka_unit_test(grandchildren_follow_their_grandparents),
        cmocka_unit_test(a_barrier_orders_all_before_it_and_all_after),
        cmocka_unit_test(threads_that_nobody_created_are_concurrent_to_all),
        cmocka_unit_test(one_thread_is_never_concurrent_to_itself),
        cmocka_unit_test(random_graphs_are_ordered_as_their_transitive_closure),
        cmocka_unit_test(a_long_chain_is_answered_at_once),
    };
    return cmocka_run_group_tests_name("segments", tests, NULL, NULL);
}
