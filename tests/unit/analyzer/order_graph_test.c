#include "unit_test.h"

#include <stdio.h>
#include <stdlib.h>

#include "gate/order_graph.h"

static void what_was_said_is_known_over_several_steps(void **state)
{
    (void)state;
    struct order_graph *graph = order_graph_new();
    assert_true(order_graph_add(graph, "a", "b"));
    assert_true(order_graph_add(graph, "b", "c"));
    assert_true(order_graph_says(graph, "a", "b"));
    assert_true(order_graph_says(graph, "a", "c"));
    assert_false(order_graph_says(graph, "c", "a"));
    assert_false(order_graph_says(graph, "a", "d"));
    assert_false(order_graph_says(graph, "a", "a"));
    order_graph_free(graph);
}

static void a_circle_is_refused_and_nothing_is_added(void **state)
{
    (void)state;
    struct order_graph *graph = order_graph_new();
    assert_true(order_graph_add(graph, "a", "b"));
    assert_true(order_graph_add(graph, "b", "c"));
    assert_false(order_graph_add(graph, "c", "a"));
    assert_false(order_graph_says(graph, "c", "a"));
    assert_true(order_graph_add(graph, "a", "c"));
    order_graph_free(graph);
}

static void a_name_may_come_before_itself(void **state)
{
    (void)state;
    struct order_graph *graph = order_graph_new();
    assert_true(order_graph_add(graph, "a", "a"));
    assert_true(order_graph_says(graph, "a", "a"));
    assert_true(order_graph_add(graph, "a", "b"));
    assert_false(order_graph_says(graph, "b", "b"));
    order_graph_free(graph);
}

enum { NAMES = 12, ROUNDS = 400 };

/* Against the closure, kept in a table. */
static void random_orders_are_known_as_a_table_knows_them(void **state)
{
    (void)state;
    for (unsigned seed = 0; seed < ROUNDS; seed++) {
        bool before[NAMES][NAMES] = {{false}};
        struct order_graph *graph = order_graph_new();
        srand(seed);
        for (int i = 0; i < 2 * NAMES; i++) {
            int left = rand() % NAMES, right = rand() % NAMES;
            char names[2][8];
            snprintf(names[0], sizeof names[0], "n%d", left);
            snprintf(names[1], sizeof names[1], "n%d", right);
            if (left == right)
                continue;
            assert_int_equal(order_graph_says(graph, names[0], names[1]), before[left][right]);
            assert_int_equal(order_graph_add(graph, names[0], names[1]), !before[right][left]);
            for (int from = 0; from < NAMES && !before[right][left]; from++) {
                for (int to = 0; to < NAMES; to++)
                    before[from][to] |= (from == left || before[from][left]) && (to == right || before[right][to]);
            }
        }
        order_graph_free(graph);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_said_is_known_over_several_steps),
        cmocka_unit_test(a_circle_is_refused_and_nothing_is_added),
        cmocka_unit_test(a_name_may_come_before_itself),
        cmocka_unit_test(random_orders_are_known_as_a_table_knows_them),
    };
    return cmocka_run_group_tests_name("order_graph", tests, NULL, NULL);
}
