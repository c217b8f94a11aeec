#include "unit_test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../worlds/notation.h"
#include "verdict/graph.h"

/* The graph of a world as text: each pair with its count, each component with its locks. */
static char *text_of(const struct small_world *small, const struct graph *graph)
{
    char *text = NULL;
    size_t size;
    FILE *stream = open_memstream(&text, &size);
    for (uint32_t i = 0; i < graph->pair_count; i++) {
        const struct lock_pair *pair = &graph->pairs[i];
        fprintf(stream, "%s->%s %d/%d ", small->lock_names[pair->held.index], small->lock_names[pair->wanted.index],
                (int)pair->use_count, (int)pair->count);
    }
    for (uint32_t i = 0; i < graph->component_count; i++) {
        fputs("{", stream);
        for (uint32_t lock = 0; lock < graph->components[i].lock_count; lock++)
            fputs(small->lock_names[graph->component_locks[graph->components[i].first_lock + lock]], stream);
        fprintf(stream, "%d}", (int)graph->components[i].pair_count);
    }
    fclose(stream);
    return text;
}

static void check_graph(const char *world, const char *expected)
{
    struct small_world *small = notation_read(world);
    struct graph *graph = graph_new(small->world);
    char *text = text_of(small, graph);
    assert_string_equal(text, expected);
    free(text);
    graph_free(graph);
    small_world_free(small);
}

static void pairs_on_no_cycle_are_left_out(void **state)
{
    (void)state;
    check_graph("", "");
    check_graph("T1: A B C\n", "");
    check_graph("T1: A B\nT2: B A\nT1: B C\nT1: D A\n", "A->B 1/1 B->A 1/1 {AB2}");
}

static void equal_pairs_are_one_with_all_their_uses(void **state)
{
    (void)state;
    check_graph("T1: A B*3\nT1: A@f B*4\nT2: C A B*5\nT2: B A\n", "A->B 3/12 B->A 1/1 {AB2}");
}

static void components_are_separate(void **state)
{
    (void)state;
    check_graph("T1: A B\nT1: B A\nT1: B C\nT1: C D\nT1: D E\nT1: E C\n",
                "A->B 1/1 B->A 1/1 C->D 1/1 D->E 1/1 E->C 1/1 {CDE3}{AB2}");
}

static void a_lock_held_twice_makes_one_use(void **state)
{
    (void)state;
    check_graph("T1: A A B*7\nT1: B A\n", "A->B 1/7 B->A 1/1 {AB2}");
}

static void waiting_for_ones_own_lock_is_no_pair(void **state)
{
    (void)state;
    check_graph("T1: A A\n", "");
    check_graph("T1: A ~B A\nT1: A B\n", "");
}

static void pairs_are_found(void **state)
{
    (void)state;
    struct small_world *small = notation_read("T1: A B C D\nT1: D C B A\n");
    struct graph *graph = graph_new(small->world);
    assert_int_equal(graph->pair_count, 12);
    for (uint32_t held = 1; held <= 4; held++) {
        for (uint32_t wanted = 1; wanted <= 4; wanted++) {
            uint32_t pair = graph_find_pair(graph, (struct lock_id){held}, (struct lock_id){wanted});
            assert_int_equal(pair == UINT32_MAX, held == wanted);
            if (held == wanted)
                continue;
            assert_int_equal(graph->pairs[pair].held.index, held);
            assert_int_equal(graph->pairs[pair].wanted.index, wanted);
        }
    }
    graph_free(graph);
    small_world_free(small);
}

static void reverse_held_are_the_locks_under_which_a_lock_is_wanted(void **state)
{
    (void)state;
    struct small_world *small = notation_read("T1: A B C D\nT1: D C B A\n");
    struct graph *graph = graph_new(small->world);
    for (uint32_t lock = 1; lock <= 4; lock++) {
        assert_int_equal(graph->first_reverse[lock + 1] - graph->first_reverse[lock], 3);
        for (uint32_t i = graph->first_reverse[lock]; i < graph->first_reverse[lock + 1]; i++)
            assert_int_not_equal(graph_find_pair(graph, (struct lock_id){graph->reverse_held[i]}, (struct lock_id){lock}), UINT32_MAX);
    }
    graph_free(graph);
    small_world_free(small);
}

/* Far deeper than a recursive search would survive. */
static void a_long_chain_does_not_overflow_the_stack(void **state)
{
    (void)state;
    enum { LENGTH = 500000 };
    struct small_world *small = small_world_new();
    for (uint32_t i = 0; i < LENGTH; i++) {
        world_add_lock(small->world);
        struct dependency_id id = world_add_dependency(small->world);
        struct dependency *dependency = &small->world->dependencies[id.index];
        dependency->held = calloc(1, sizeof *dependency->held);
        dependency->held_count = 1;
        dependency->held[0].lock.index = i + 1;
        dependency->lock.index = i + 1 == LENGTH ? 1 : i + 2;
    }
    small->lock_names = realloc(small->lock_names, (LENGTH + 1) * sizeof(char *));
    memset(small->lock_names, 0, (LENGTH + 1) * sizeof(char *));
    struct graph *graph = graph_new(small->world);
    assert_int_equal(graph->component_count, 1);
    assert_int_equal(graph->components[0].lock_count, LENGTH);
    graph_free(graph);
    small_world_free(small);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pairs_on_no_cycle_are_left_out),
        cmocka_unit_test(equal_pairs_are_one_with_all_their_uses),
        cmocka_unit_test(components_are_separate),
        cmocka_unit_test(a_lock_held_twice_makes_one_use),
        cmocka_unit_test(waiting_for_ones_own_lock_is_no_pair),
        cmocka_unit_test(pairs_are_found),
        cmocka_unit_test(reverse_held_are_the_locks_under_which_a_lock_is_wanted),
        cmocka_unit_test(a_long_chain_does_not_overflow_the_stack),
    };
    return cmocka_run_group_tests_name("graph", tests, NULL, NULL);
}
