/* The rules one by one, on the candidates of pairs. */
#include "unit_test.h"

#include <stdlib.h>

#include "../../worlds/notation.h"
#include "verdict/feasibility.h"

/* All that the rules need, for one world. */
struct rules {
    struct small_world *small;
    struct graph *graph;
    struct segments *segments;
    struct fingerprinter *fingerprinter;
    struct feasibility *feasibility;
    uint64_t work;
};

static void open_rules(struct rules *rules, const char *world)
{
    rules->small = notation_read(world);
    rules->work = 1000000;
    rules->graph = graph_new(rules->small->world);
    rules->segments = segments_new(rules->small->world);
    rules->fingerprinter = fingerprinter_new(rules->small->world, small_world_names(rules->small));
    rules->feasibility = feasibility_new(rules->small->world, rules->graph, rules->segments, rules->fingerprinter, &rules->work);
}

static void close_rules(struct rules *rules)
{
    feasibility_free(rules->feasibility);
    fingerprinter_free(rules->fingerprinter);
    segments_free(rules->segments);
    graph_free(rules->graph);
    small_world_free(rules->small);
}

static uint32_t pair_of(struct rules *rules, const char *held, const char *wanted)
{
    return graph_find_pair(rules->graph, small_world_lock(rules->small, held), small_world_lock(rules->small, wanted));
}

static const struct candidate *only_candidate(struct rules *rules, const char *held, const char *wanted)
{
    const struct pair_candidates *candidates = feasibility_candidates(rules->feasibility, pair_of(rules, held, wanted));
    assert_int_equal(candidates->any.end - candidates->any.first, 1);
    return candidates->any.first;
}

/* --- One rule each: for A->B and B->A, which rules they fulfil --- */

enum { THREADS = 1, NO_GUARD = 2, OVERLAP = 4, BLOCKS = 8, ALL = THREADS | NO_GUARD | OVERLAP | BLOCKS };

static void check_rules(const char *world, int expected)
{
    struct rules rules;
    open_rules(&rules, world);
    const struct candidate *left = only_candidate(&rules, "A", "B"), *right = only_candidate(&rules, "B", "A");
    assert_int_equal(feasibility_threads_differ(left, right), (expected & THREADS) != 0);
    assert_int_equal(feasibility_shares_no_guard(rules.feasibility, left, right), (expected & NO_GUARD) != 0);
    assert_int_equal(feasibility_shares_no_guard(rules.feasibility, right, left), (expected & NO_GUARD) != 0);
    assert_int_equal(feasibility_can_overlap(rules.feasibility, left, right), (expected & OVERLAP) != 0);
    assert_int_equal(feasibility_blocks(rules.feasibility, left, right), (expected & BLOCKS) != 0);
    uint32_t pairs[] = {pair_of(&rules, "A", "B"), pair_of(&rules, "B", "A")};
    assert_int_equal(feasibility_allows(rules.feasibility, pairs, 2), expected == ALL);
    close_rules(&rules);
}

static void threads_have_to_differ(void **state)
{
    (void)state;
    check_rules("T1: A B\nT2: B A\n", ALL);
    check_rules("T1: A B\nT1: B A\n", NO_GUARD | BLOCKS);
}

static void guards_are_locks_that_exclude_each_other(void **state)
{
    (void)state;
    check_rules("T1: G A B\nT2: G B A\n", THREADS | OVERLAP | BLOCKS);
    check_rules("T1: G A B\nT2: H B A\n", ALL);
    check_rules("T1: G% A B\nT2: G% B A\n", ALL);
    check_rules("T1: G% A B\nT2: G B A\n", THREADS | OVERLAP | BLOCKS);
    check_rules("T1: C D E F G A B\nT2: 1 2 3 4 5 6 7 8 9 G B A\n", THREADS | OVERLAP | BLOCKS);
    check_rules("T1: 1 3 5 7 9 A B\nT2: 2 4 6 8 B A\n", ALL);
}

static void segments_have_to_overlap(void **state)
{
    (void)state;
    check_rules("main: A B create(T1)\nT1: B A\n", THREADS | NO_GUARD | BLOCKS);
    check_rules("main: create(T1)\nT1: B A\nmain: join(T1) A B\n", THREADS | NO_GUARD | BLOCKS);
    check_rules("main: create(T1) A B\nT1: B A\n", ALL);
}

static void readers_do_not_block_readers(void **state)
{
    (void)state;
    check_rules("T1: A% B\nT2: B A%\n", THREADS | NO_GUARD | OVERLAP);
    check_rules("T1: A% B\nT2: B A\n", ALL);
    check_rules("T1: A B\nT2: B A%\n", ALL);
}

/* --- Readers that wait behind a writer: whether A->B and B->A can deadlock --- */

static void check_allowed(const char *world, bool expected)
{
    struct rules rules;
    open_rules(&rules, world);
    uint32_t pairs[] = {pair_of(&rules, "A", "B"), pair_of(&rules, "B", "A")};
    assert_int_equal(feasibility_allows(rules.feasibility, pairs, 2), expected);
    close_rules(&rules);
}

static void a_reader_waits_for_a_reader_behind_a_writer(void **state)
{
    (void)state;
    check_allowed("lock A writersfirst\nT1: A% B\nT2: B A%\n", false);
    check_allowed("lock A writersfirst\nT1: A% B\nT2: B A%\nT3: C A\n", true);
    check_allowed("lock A writersfirst\nT1: A% B\nT2: B A%\nT3: A C\n", true);
    check_allowed("lock A rwlock\nT1: A% B\nT2: B A%\nT3: C A\n", false);
    check_allowed("lock A writersfirst\nT1: A% B\nT2: B A%\nT3: C A%\n", false);
    check_allowed("lock A writersfirst\nT1: A% B\nT2: B A%\nT3: C ~A\n", false);
}

static void the_writer_is_another_thread_that_can_be_there(void **state)
{
    (void)state;
    check_allowed("lock A writersfirst\nT1: A% B\nT2: B A%\nT1: C A\nT2: C A\n", false);
    check_allowed("lock A writersfirst\nT1: G A% B\nT2: B A%\nT3: G A\n", false);
    check_allowed("lock A writersfirst\nT1: G% A% B\nT2: B A%\nT3: G% A\n", true);
    check_allowed("lock A writersfirst\nmain: C A create(T1) create(T2)\nT1: A% B\nT2: B A%\n", false);
    check_allowed("lock A writersfirst\nmain: create(T1) create(T2) C A\nT1: A% B\nT2: B A%\n", true);
}

static void each_reader_that_waits_for_one_needs_a_writer_of_its_own(void **state)
{
    (void)state;
    check_allowed("lock A writersfirst\nlock B writersfirst\nT1: A% B%\nT2: B% A%\nT3: C A\nT3: C B\n", false);
    check_allowed("lock A writersfirst\nlock B writersfirst\nT1: A% B%\nT2: B% A%\nT3: C A\nT4: C B\n", false); /* C */
    check_allowed("lock A writersfirst\nlock B writersfirst\nT1: A% B%\nT2: B% A%\nT3: C A\nT4: D B\n", true);
}

/* --- Candidates --- */

static void what_the_rules_cannot_tell_apart_is_one_candidate(void **state)
{
    (void)state;
    struct rules rules;
    open_rules(&rules, "T1: A@f B@g\nT1: A@f B@h\nT1: G A@f B@g\nT2: A@f B@g\nT2: B A\n");
    const struct pair_candidates *candidates = feasibility_candidates(rules.feasibility, pair_of(&rules, "A", "B"));
    assert_int_equal(candidates->variant_count, 2);
    assert_int_equal(candidates->any.end - candidates->any.first, 3); /* T1, T1 under G, T2 */
    close_rules(&rules);
}

static void untimed_and_frequent_candidates_come_first(void **state)
{
    (void)state;
    struct rules rules;
    open_rules(&rules, "T1: A B?*100\nT2: A B*5\nT3: G A B*7\nT2: B A\n");
    const struct choice choice = feasibility_candidates(rules.feasibility, pair_of(&rules, "A", "B"))->any;
    assert_int_equal(choice.end - choice.first, 3);
    assert_int_equal(choice.first[0].count, 7);
    assert_int_equal(choice.first[1].count, 5);
    assert_true(choice.first[2].timed);
    assert_ptr_equal(choice.first_timed, &choice.first[2]);
    close_rules(&rules);
}

/* The frequent first choice of one step takes the only thread of the other: the search has to come back. */
static void the_search_gives_up_a_choice_that_does_not_fit(void **state)
{
    (void)state;
    struct rules rules;
    open_rules(&rules, "T1: A B*100\nT2: A B\nT1: B A\n");
    uint32_t pairs[] = {pair_of(&rules, "A", "B"), pair_of(&rules, "B", "A")};
    struct choice choices[2];
    const struct candidate *chosen[2];
    for (int i = 0; i < 2; i++)
        choices[i] = feasibility_candidates(rules.feasibility, pairs[i])->any;
    assert_true(feasibility_choose(rules.feasibility, choices, 2, chosen));
    assert_int_equal(chosen[0]->thread.index, small_world_thread(rules.small, "T2").index);
    assert_int_equal(chosen[1]->thread.index, small_world_thread(rules.small, "T1").index);
    close_rules(&rules);
}

static void a_choice_without_time_outs_is_preferred(void **state)
{
    (void)state;
    struct rules rules;
    open_rules(&rules, "T1: A B?*100\nT2: A B\nT1: B A\nT2: B A*100\n");
    struct choice choices[] = {feasibility_candidates(rules.feasibility, pair_of(&rules, "A", "B"))->any,
                               feasibility_candidates(rules.feasibility, pair_of(&rules, "B", "A"))->any};
    const struct candidate *chosen[2];
    assert_true(feasibility_choose(rules.feasibility, choices, 2, chosen));
    assert_false(chosen[0]->timed);
    assert_int_equal(chosen[1]->thread.index, small_world_thread(rules.small, "T1").index);
    close_rules(&rules);
}

static void without_work_nothing_is_chosen(void **state)
{
    (void)state;
    struct rules rules;
    open_rules(&rules, "T1: A B\nT2: B A\n");
    uint32_t pairs[] = {pair_of(&rules, "A", "B"), pair_of(&rules, "B", "A")};
    rules.work = 1;
    assert_false(feasibility_allows(rules.feasibility, pairs, 2));
    rules.work = 1000;
    assert_true(feasibility_allows(rules.feasibility, pairs, 2));
    assert_true(rules.work < 1000);
    close_rules(&rules);
}

/* --- Whole components --- */

static void check_longest(const char *world, uint32_t expected)
{
    struct rules rules;
    open_rules(&rules, world);
    assert_int_equal(feasibility_longest(rules.feasibility, &rules.graph->components[0]), expected);
    close_rules(&rules);
}

static void a_cycle_is_no_longer_than_there_are_threads(void **state)
{
    (void)state;
    check_longest("T1: A B\nT1: B A\n", 1);
    check_longest("T1: A B\nT2: B A\nT2: A B\nT3: C D\n", 2);
    check_longest("T1: A B\nT2: B A\nT3: A B\n", 3);
}

static void what_is_all_under_one_guard_has_no_cycle(void **state)
{
    (void)state;
    check_longest("T1: G A B\nT2: H G B A\nT3: G A B\n", 0);
    check_longest("T1: G A B\nT2: H G B A\nT3: H A B\n", 3);
    check_longest("T1: G% A B\nT2: G% B A\n", 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(threads_have_to_differ),
        cmocka_unit_test(guards_are_locks_that_exclude_each_other),
        cmocka_unit_test(segments_have_to_overlap),
        cmocka_unit_test(readers_do_not_block_readers),
        cmocka_unit_test(a_reader_waits_for_a_reader_behind_a_writer),
        cmocka_unit_test(the_writer_is_another_thread_that_can_be_there),
        cmocka_unit_test(each_reader_that_waits_for_one_needs_a_writer_of_its_own),
        cmocka_unit_test(what_the_rules_cannot_tell_apart_is_one_candidate),
        cmocka_unit_test(untimed_and_frequent_candidates_come_first),
        cmocka_unit_test(the_search_gives_up_a_choice_that_does_not_fit),
        cmocka_unit_test(a_choice_without_time_outs_is_preferred),
        cmocka_unit_test(without_work_nothing_is_chosen),
        cmocka_unit_test(a_cycle_is_no_longer_than_there_are_threads),
        cmocka_unit_test(what_is_all_under_one_guard_has_no_cycle),
    };
    return cmocka_run_group_tests_name("feasibility", tests, NULL, NULL);
}
