/* The enumeration alone: cycles of pairs, whatever threads may do. */
#include "unit_test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../worlds/notation.h"
#include "verdict/cycles.h"

enum { PLENTY = 1000000000 };

struct listing {
    const struct small_world *small;
    const struct graph *graph;
    FILE *stream;
    uint32_t refused; /* a pair that the visitor does not allow; UINT32_MAX: none */
    uint32_t count;
    uint32_t last_length;
};

static bool allows(void *closure, const uint32_t *pairs, uint32_t count)
{
    return pairs[count - 1] != ((struct listing *)closure)->refused;
}

static void found(void *closure, const uint32_t *pairs, uint32_t count)
{
    struct listing *listing = closure;
    assert_true(count >= listing->last_length);
    listing->last_length = count;
    listing->count++;
    for (uint32_t i = 0; i < count; i++) {
        const struct lock_pair *pair = &listing->graph->pairs[pairs[i]];
        assert_int_equal(pair->wanted.index, listing->graph->pairs[pairs[(i + 1) % count]].held.index);
        fputs(listing->small->lock_names[pair->held.index], listing->stream);
    }
    fputc(' ', listing->stream);
}

/* Lists all cycles, each as its locks. Returns whether the search came to its end. */
static bool list_cycles(const char *world, const char *refused_held, uint32_t longest, uint64_t work, char **text)
{
    size_t size;
    struct small_world *small = notation_read(world);
    struct graph *graph = graph_new(small->world);
    struct listing listing = {.small = small, .graph = graph, .stream = open_memstream(text, &size), .refused = UINT32_MAX};
    if (refused_held != NULL)
        listing.refused = graph->first_pair[small_world_lock(small, refused_held).index];
    struct cycle_visitor visitor = {allows, found, &listing};
    bool complete = true;
    for (uint32_t i = 0; i < graph->component_count; i++) {
        listing.last_length = 0;
        complete &= cycles_find(graph, &graph->components[i], longest, &visitor, &work);
    }
    fclose(listing.stream);
    graph_free(graph);
    small_world_free(small);
    return complete;
}

static void check_cycles(const char *world, const char *expected)
{
    char *text;
    assert_true(list_cycles(world, NULL, 100, PLENTY, &text));
    assert_string_equal(text, expected);
    free(text);
}

static void each_simple_cycle_comes_once_shortest_first(void **state)
{
    (void)state;
    check_cycles("T1: A B\nT1: B A\n", "AB ");
    check_cycles("T1: A B\nT1: B C\nT1: C A\n", "ABC ");
    check_cycles("T1: A B\nT1: B C\nT1: C A\nT1: B A\n", "AB ABC ");
    check_cycles("T1: A B C\nT1: C B A\n", "AB AC BC ABC ACB ");
    check_cycles("T1: A B\nT1: B A\nT1: C D\nT1: D C\n", "AB CD ");
    check_cycles("T1: A B\nT1: B C\nT1: C D\nT1: D A\nT1: B D\n", "ABD ABCD ");
}

static void two_rings_with_a_lock_in_common_are_two_cycles(void **state)
{
    (void)state;
    check_cycles("T1: A B\nT1: B A\nT1: A C\nT1: C A\n", "AB AC ");
}

/* Of 5 locks in all orders: the sum over k of 5! / (5 - k)! / k. */
static void all_cycles_of_a_complete_graph_are_found(void **state)
{
    (void)state;
    char *text;
    assert_true(list_cycles("T1: A B C D E\nT1: E D C B A\n", NULL, 100, PLENTY, &text));
    assert_int_equal(strlen(text), 10 * 3 + 20 * 4 + 30 * 5 + 24 * 6);
    free(text);
}

static void what_is_longer_than_wanted_is_not_looked_for(void **state)
{
    (void)state;
    char *text;
    assert_true(list_cycles("T1: A B\nT1: B C\nT1: C A\nT1: B A\n", NULL, 2, PLENTY, &text));
    assert_string_equal(text, "AB ");
    free(text);
    assert_true(list_cycles("T1: A B\nT1: B C\nT1: C A\nT1: B A\n", NULL, 1, PLENTY, &text));
    assert_string_equal(text, "");
    free(text);
}

static void what_the_visitor_refuses_is_not_extended(void **state)
{
    (void)state;
    char *text;
    assert_true(list_cycles("T1: A B\nT1: B C\nT1: C A\nT1: C B\n", "A", 100, PLENTY, &text));
    assert_string_equal(text, "BC ");
    free(text);
}

static void the_work_is_bounded(void **state)
{
    (void)state;
    char *text;
    assert_false(list_cycles("T1: A B C D E\nT1: E D C B A\n", NULL, 100, 20, &text));
    assert_true(strlen(text) < 284);
    free(text);
}

/* Where the search knows how far it is back to the start, a ring of any length costs little. */
static void a_long_ring_is_found_with_little_work(void **state)
{
    (void)state;
    char ring[20000] = "", *text;
    size_t length = 0;
    for (int i = 0; i < 200; i++)
        length += (size_t)snprintf(ring + length, sizeof ring - length, "T1: L%d L%d\n", i, (i + 1) % 200);
    assert_true(list_cycles(ring, NULL, 200, 200000, &text));
    assert_non_null(strstr(text, "L0L1L2L3L4L5"));
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_simple_cycle_comes_once_shortest_first),
        cmocka_unit_test(two_rings_with_a_lock_in_common_are_two_cycles),
        cmocka_unit_test(all_cycles_of_a_complete_graph_are_found),
        cmocka_unit_test(what_is_longer_than_wanted_is_not_looked_for),
        cmocka_unit_test(what_the_visitor_refuses_is_not_extended),
        cmocka_unit_test(the_work_is_bounded),
        cmocka_unit_test(a_long_ring_is_found_with_little_work),
    };
    return cmocka_run_group_tests_name("cycles", tests, NULL, NULL);
}
