/* The rules of the verdict on small worlds, each with a world that breaks it and one that keeps to it. */
#include "unit_test.h"

#include <stdlib.h>
#include <string.h>

#include "../../worlds/findings_text.h"
#include "../../worlds/notation.h"
#include "verdict/verdict.h"

/* A world and what has to be found in it: see findings_text.h. */
struct scenario {
    const char *name, *world, *expected;
};

static const struct scenario scenarios[] = {
    {"two threads take two locks in opposite orders", "T1: A B\nT2: B A\n", "cycle predicted: T1 A->B 1, T2 B->A 1\n"},
    {"the same order has no cycle", "T1: A B\nT2: A B\n", ""},
    {"a lock alone has no cycle", "T1: A\nT2: A\n", ""},
    {"three threads in a circle", "T1: A B\nT2: B C\nT3: C A\n", "cycle predicted: T1 A->B 1, T2 B->C 1, T3 C->A 1\n"},
    {"three threads in no circle", "T1: A B\nT2: B C\nT3: A C\n", ""},
    {"five philosophers", "T1: A B\nT2: B C\nT3: C D\nT4: D E\nT5: E A\n",
     "cycle predicted: T1 A->B 1, T2 B->C 1, T3 C->D 1, T4 D->E 1, T5 E->A 1\n"},
    {"five philosophers, one of them left-handed", "T1: A B\nT2: B C\nT3: C D\nT4: D E\nT5: A E\n", ""},
    {"a two-cycle and the three-cycle beside it", "T1: A B\nT2: B A\nT2: B C\nT3: C A\n",
     "cycle predicted: T1 A->B 1, T2 B->A 1\ncycle predicted: T1 A->B 1, T2 B->C 1, T3 C->A 1\n"},

    {"rule 1: one thread in both orders", "T1: A B\nT1: B A\n", ""},
    {"rule 1: one of two threads in both orders", "T1: A B\nT1: B A\nT2: A B\n", "cycle predicted: T2 A->B 2, T1 B->A 1\n"},
    {"rule 1: two threads for three steps", "T1: A B\nT2: B C\nT1: C A\n", ""},
    {"rule 1: three steps that three threads can share", "T1: A B\nT2: B C\nT1: C A\nT3: C A\n",
     "cycle predicted: T1 A->B 1, T2 B->C 1, T3 C->A 2\n"},

    {"rule 2: both orders under one guard", "T1: G A B\nT2: G B A\n", ""},
    {"rule 2: both orders under different guards", "T1: G A B\nT2: H B A\n", "cycle predicted: T1 A->B 1, T2 B->A 1\n"},
    {"rule 2: guarded only on one side", "T1: G A B\nT2: B A\n", "cycle predicted: T1 A->B 1, T2 B->A 1\n"},
    {"rule 2: first seen under the guard, later without it", "T1: G A B\nT2: G B A\nT2: B A\n",
     "cycle predicted: T1 A->B 1, T2 B->A 2\n"},
    {"rule 2: a guard on two of three sides", "T1: G A B\nT2: G B C\nT3: C A\n", ""},
    {"rule 2: a guard on one of three sides", "T1: G A B\nT2: B C\nT3: C A\n",
     "cycle predicted: T1 A->B 1, T2 B->C 1, T3 C->A 1\n"},
    {"rule 2: a guard taken between the two locks", "T1: A G*5 B\nT2: B G A\n",
     "cycle predicted: T1 A->G 5, T2 G->A 1\ncycle predicted: T1 G->B 1, T2 B->G 1\n"},
    {"rule 2: the guard of shared holders guards nothing", "T1: G% A B\nT2: G% B A\n", "cycle predicted: T1 A->B 1, T2 B->A 1\n"},
    {"rule 2: a shared holder and an exclusive one exclude each other", "T1: G% A B\nT2: G B A\n", ""},
    {"rule 2: a guard that was only tried for guards as well", "T1: ~G A B\nT2: ~G B A\n", ""},
    {"rule 2: a guard given back before", "T1: G A -G B\nT2: G B -G A\n", "cycle predicted: T1 A->B 1, T2 B->A 1\n"},

    {"rule 3: one order before the other thread begins", "main: A B create(T1)\nT1: B A\n", ""},
    {"rule 3: the same order again after it began", "main: A B create(T1)\nT1: B A\nmain: A B\n",
     "cycle predicted: main A->B 2, T1 B->A 1\n"},
    {"rule 3: one order after the other thread was joined", "main: create(T1)\nT1: B A\nmain: join(T1) A B\n", ""},
    {"rule 3: one order between create and join", "main: create(T1)\nT1: B A\nmain: A B\nmain: join(T1)\n",
     "cycle predicted: T1 B->A 1, main A->B 1\n"},
    {"rule 3: a thread joined before the next is created", "main: create(T1)\nT1: A B\nmain: join(T1) create(T2)\nT2: B A\n", ""},
    {"rule 3: both threads at once", "main: create(T1) create(T2)\nT1: A B\nT2: B A\nmain: join(T1) join(T2)\n",
     "cycle predicted: T1 A->B 1, T2 B->A 1\n"},
    {"rule 3: what a thread did before it created its brother's parent",
     "main: create(T1)\nT1: A B create(T2)\nT2: create(T3)\nT3: B A\n", ""},
    {"rule 3: ordered pairwise is enough", "main: A B create(T1) create(T2)\nT1: B C\nT2: C A\n", ""},

    {"rule 4: released in between", "T1: A B -A C\nT2: C A\n", ""},
    {"rule 4: still held", "T1: A B C\nT2: C A\n", "cycle predicted: T1 A->C 1, T2 C->A 1\n"},

    {"rule 6: a try-lock waits for nothing", "T1: A ~B\nT2: B A\n", ""},
    {"rule 6: what a try-lock has got is held", "T1: ~A B\nT2: B A\n", "cycle predicted: T1 A->B 1, T2 B->A 1\n"},

    {"rule 6: a try where the same code falls back to waiting", "T1: A ~B@f\nT2: B A\nfallback f\n",
     "cycle predicted: T1 A->B 1, T2 B->A 1\n"},

    {"rule 7: a cycle that needs a timed wait", "T1: A B?\nT2: B A\n",
     "cycle predicted until a time-out: T1 A->B 1, T2 B->A 1\n"},
    {"rule 7: one that does not need it", "T1: A B?\nT1: A B\nT2: B A\n", "cycle predicted: T1 A->B 2, T2 B->A 1\n"},
    {"rule 7: the untimed wait that one thread cannot play", "T1: A B?\nT2: A B\nT2: B A\n",
     "cycle predicted until a time-out: T1 A->B 2, T2 B->A 1\n"},

    {"rule 8: a mutex locked again by its owner", "T1: A A\n", "deadlock happened: T1 A->A 1\n"},
    {"rule 8: an adaptive mutex locked again by its owner", "lock A adaptive\nT1: A A\n", "deadlock happened: T1 A->A 1\n"},
    {"rule 8: a recursive mutex", "lock A recursive\nT1: A A\n", ""},
    {"rule 8: an error-checking mutex", "lock A errorcheck\nT1: A A\n", ""},
    {"rule 8: with a time-out", "T1: A A?\n", "cycle happened until a time-out: T1 A->A 1\n"},
    {"rule 8: the lock in between takes no part in a cycle", "lock A recursive\nT1: A B A\nT2: B A\n",
     "cycle predicted: T1 A->B 1, T2 B->A 1\n"},
    {"rule 8: waiting for its own lock is no step of a longer cycle", "lock A recursive\nT1: ~A ~B A\nT2: A B\n", ""},

    {"rule 3: both orders before a barrier and after it", "T1: A B\nbarrier T1 T2\nT2: B A\n", ""},
    {"rule 3: both orders on one side of a barrier", "T1: A B\nT2: B A\nbarrier T1 T2\n",
     "cycle predicted: T1 A->B 1, T2 B->A 1\n"},
    {"rule 3: a thread that is not at the barrier", "T1: A B\nbarrier T1 T2\nT3: B A\n",
     "cycle predicted: T1 A->B 1, T3 B->A 1\n"},

    {"rule 5: readers do not wait for readers", "lock A rwlock\nT1: A% B\nT2: B A%\n", ""},
    {"rule 5: readers do not wait for readers where nobody writes", "lock A writersfirst\nT1: A% B\nT2: B A%\n", ""},
    {"rule 5: a reader waits for a reader behind a writer", "lock A writersfirst\nT1: A% B\nT2: B A%\nT3: C A\n",
     "cycle predicted: T1 A->B 1, T2 B->A 1\n"},
    {"rule 5: a lock that does not prefer writers", "lock A rwlock\nT1: A% B\nT2: B A%\nT3: C A\n", ""},
    {"rule 5: the writer is one of the readers", "lock A writersfirst\nT1: A% B\nT2: B A%\nT2: C A\n", ""},
    {"rule 5: a writer waits for a reader", "lock A rwlock\nT1: A% B\nT2: B A\n", "cycle predicted: T1 A->B 1, T2 B->A 1\n"},
    {"rule 5: a lock for reading becomes one for writing", "lock A rwlock\nT1: A% A\n", "deadlock happened: T1 A->A 1\n"},
    {"rule 5: reading twice", "lock A rwlock\nT1: A% A%\nT2: B A\n", ""},
    {"rule 5: reading twice at a lock that prefers writers", "lock A writersfirst\nT1: A% A%\n", ""},
    {"rule 5: reading twice while a writer waits", "lock A writersfirst\nT1: A% A%\nT2: B A\n", "cycle predicted: T1 A->A 1\n"},
    {"rule 5: reading twice under the writer's guard", "lock A writersfirst\nT1: B A% A%\nT2: B A\n", ""},
    {"rule 5: a reader waits for a writer", "T1: A B\nT2: B A%\n", "cycle predicted: T1 A->B 1, T2 B->A 1\n"},

    {"rule 10: a semaphore that only its waiters post", "lock S semaphore\nT1: S A\nT2: A S\n",
     "cycle predicted: T1 S->A 1, T2 A->S 1\n"},
    {"rule 10: a semaphore that others post", "lock S semaphore\nT1: S A\nT2: A S\nlock S signal\n", ""},
    {"rule 10: a cycle beside a signal", "lock S semaphore\nT1: S A B\nT2: S B A\nlock S signal\n",
     "cycle predicted: T1 A->B 1, T2 B->A 1\n"},
    {"rule 11: a lock taken while an initialiser runs, and around it", "lock O once\nT1: O A\nT2: A O\n",
     "cycle predicted: T1 O->A 1, T2 A->O 1\n"},
    {"rule 11: an initialiser that needs itself", "lock O once\nT1: O O\n", "deadlock happened: T1 O->O 1\n"},
    {"rule 11: a constructor that loads a library", "lock L loader\nT1: L L\n", ""},

    {"one fault at two pairs of locks", "T1: A@f B@g\nT2: B@g A@f\nT1: C@f D@g\nT2: D@g C@f\n",
     "cycle predicted x2: T1 A->B 1, T2 B->A 1\n"},
    {"the pair seen more often is shown", "T1: A@f B@g\nT2: B@g A@f\nT1: C@f D@g*5\nT2: D@g C@f\n",
     "cycle predicted x2: T1 C->D 5, T2 D->C 1\n"},
    {"two faults at one pair of locks", "T1: A@f B@g\nT2: B@h A@i\nT2: B@j A@k*3\n",
     "cycle predicted: T1 A->B 1, T2 B->A 4\ncycle predicted: T1 A->B 1, T2 B->A 4\n"},
    {"a longer cycle of the same places says nothing new", "T1: A@f B@f\nT2: B@f A@f\nT2: B@f C@f\nT3: C@f A@f\n",
     "cycle predicted x2: T1 A->B 1, T2 B->A 1\n"},
    {"a longer cycle through another place does", "T1: A@f B@f\nT2: B@f A@f\nT2: B@f C@f\nT3: C@g A@g\n",
     "cycle predicted: T1 A->B 1, T2 B->A 1\ncycle predicted: T1 A->B 1, T2 B->C 1, T3 C->A 1\n"},
};

static struct findings *judge(struct small_world *small, uint64_t max_cycles)
{
    struct verdict_options options = {max_cycles, small_world_names(small)};
    return verdict_find(small->world, &options);
}

static void check_scenario(void **state)
{
    const struct scenario *scenario = *state;
    struct small_world *small = notation_read(scenario->world);
    struct findings *findings = judge(small, 0);
    char *text = findings_text(small, findings);
    assert_string_equal(text, scenario->expected);
    assert_int_equal(findings->cut, 0);
    free(text);
    findings_free(findings);
    small_world_free(small);
}

/* Deadlocks, then cycles; shorter ones first, then those seen more often. */
static void findings_are_sorted(void **state)
{
    (void)state;
    struct small_world *small = notation_read(
        "T1: A B\nT2: B C\nT3: C A\n"
        "T1: D E*2\nT2: E D\n"
        "T1: F G*7\nT2: G F\n"
        "T1: H H\n");
    struct findings *findings = judge(small, 0);
    char *text = findings_text(small, findings);
    assert_string_equal(text,
                        "deadlock happened: T1 H->H 1\n"
                        "cycle predicted: T1 F->G 7, T2 G->F 1\n"
                        "cycle predicted: T1 D->E 2, T2 E->D 1\n"
                        "cycle predicted: T1 A->B 1, T2 B->C 1, T3 C->A 1\n");
    free(text);
    findings_free(findings);
    small_world_free(small);
}

static void the_order_seen_most_often_is_the_first_step(void **state)
{
    (void)state;
    struct small_world *small = notation_read("T1: A B\nT2: B C*5\nT3: C A*3\n");
    struct findings *findings = judge(small, 0);
    assert_int_equal(findings->items[0].steps[0].count, 5);
    assert_int_equal(findings->items[0].steps[1].count, 3);
    assert_int_equal(findings->items[0].steps[2].count, 1);
    findings_free(findings);
    small_world_free(small);
}

static void what_is_beyond_the_largest_number_of_cycles_is_counted(void **state)
{
    (void)state;
    struct small_world *small = notation_read("T1: A B\nT2: B A\nT1: C D\nT2: D C\nT1: E F\nT2: F E\nT1: G G\n");
    struct findings *findings = judge(small, 1);
    assert_int_equal(findings->count, 2); /* the deadlock is none of the cycles */
    assert_int_equal(findings->cut, 2);
    findings_free(findings);
    findings = judge(small, 3);
    assert_int_equal(findings->count, 4);
    assert_int_equal(findings->cut, 0);
    findings_free(findings);
    small_world_free(small);
}

static void steps_name_the_subkind(void **state)
{
    (void)state;
    struct small_world *small = notation_read(
        "T1: A A\nT1: B C\nT2: C B\nT1: 1 2\nT2: 2 3\nT3: 3 4\nT4: 4 5\nT5: 5 6\nT6: 6 7\n"
        "T7: 7 1\n");
    struct findings *findings = judge(small, 0);
    assert_int_equal(findings->count, 3);
    assert_string_equal(findings->items[0].subkind, "self");
    assert_string_equal(findings->items[1].subkind, "two threads");
    assert_string_equal(findings->items[2].subkind, "7 threads");
    findings_free(findings);
    small_world_free(small);
}

static void an_empty_world_has_no_findings(void **state)
{
    (void)state;
    struct small_world *small = notation_read("");
    struct findings *findings = judge(small, 0);
    assert_int_equal(findings->count, 0);
    assert_int_equal(findings->cut, 0);
    findings_free(findings);
    small_world_free(small);
}

/* A witness in no segment that the file has: its thread could be any, also that of the other step. */
static void an_unknown_thread_takes_no_part(void **state)
{
    (void)state;
    struct small_world *small = notation_read("T1: A B\nT2: B A\nT3: A B\n");
    small->world->dependencies[2].witnesses[0].segment.index = 0;
    struct findings *findings = judge(small, 0);
    assert_int_equal(findings->count, 0);
    findings_free(findings);
    small_world_free(small);
}

int main(void)
{
    enum { SCENARIO_COUNT = sizeof scenarios / sizeof scenarios[0] };
    struct CMUnitTest scenario_tests[SCENARIO_COUNT];
    for (size_t i = 0; i < SCENARIO_COUNT; i++)
        scenario_tests[i] = (struct CMUnitTest){scenarios[i].name, check_scenario, NULL, NULL, (void *)&scenarios[i]};
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(findings_are_sorted),
        cmocka_unit_test(the_order_seen_most_often_is_the_first_step),
        cmocka_unit_test(what_is_beyond_the_largest_number_of_cycles_is_counted),
        cmocka_unit_test(steps_name_the_subkind),
        cmocka_unit_test(an_empty_world_has_no_findings),
        cmocka_unit_test(an_unknown_thread_takes_no_part),
    };
    int failed = cmocka_run_group_tests_name("scenarios", scenario_tests, NULL, NULL);
    return failed + cmocka_run_group_tests_name("verdict", tests, NULL, NULL);
}
