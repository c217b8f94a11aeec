#include "unit_test.h"

#include <stdlib.h>
#include <string.h>

#include "../../worlds/notation.h"
#include "verdict/verdict.h"

/* The title of the first finding in a world. */
static void check_title(const char *world, const char *expected)
{
    struct small_world *small = notation_read(world);
    struct verdict_options options = {0, small_world_names(small)};
    struct findings *findings = verdict_find(small->world, &options);
    assert_true(findings->count >= 1);
    char *title = finding_title(small->world, &findings->items[0], small_world_lock_name, small);
    assert_string_equal(title, expected);
    free(title);
    findings_free(findings);
    small_world_free(small);
}

static void two_threads_are_told_apart_by_their_names(void **state)
{
    (void)state;
    check_title("reader: A B*2\nwriter: B A\n", "2 threads can deadlock: reader holds A and wants B, writer the other way round");
}

static void threads_of_one_name_are_one_and_another(void **state)
{
    (void)state;
    struct small_world *small = notation_read("T1: A B*2\nT2: B A\n");
    struct findings *findings = verdict_find(small->world, &(struct verdict_options){0});
    for (int name = 0; name < 2; name++) {
        strcpy(small->world->threads[1].name, name == 0 ? "worker" : "");
        strcpy(small->world->threads[2].name, "worker");
        char *title = finding_title(small->world, &findings->items[0], small_world_lock_name, small);
        assert_string_equal(title, "2 threads can deadlock: one holds A and wants B, another the other way round");
        free(title);
    }
    findings_free(findings);
    small_world_free(small);
}

static void many_threads_are_counted(void **state)
{
    (void)state;
    check_title("T1: A B*2\nT2: B C\nT3: C A\n",
                "3 threads can deadlock: each holds one of A, B, C and wants the next, the last the first");
    check_title("1: A B*2\n2: B C\n3: C D\n4: D E\n5: E F\n6: F G\n7: G A\n",
                "7 threads can deadlock: each holds one of A, B, C, D, E and 2 more and wants the next, the last the first");
}

static void a_time_out_is_told(void **state)
{
    (void)state;
    check_title("T1: A B?*2\nT2: B A\n", "2 threads can stall until a time-out: T1 holds A and wants B, T2 the other way round");
}

static void a_thread_that_waits_for_itself(void **state)
{
    (void)state;
    check_title("worker: A A\n", "worker waits for A, which it holds itself");
    check_title("worker: A A?\n", "worker waits until a time-out for A, which it holds itself");
}

static void a_deadlock_has_happened(void **state)
{
    (void)state;
    check_title("deadlock left A B right B A\n", "2 threads are deadlocked: left holds A and wants B, right the other way round");
    check_title("deadlock 1 A B 2 B C 3 C A\n",
                "3 threads are deadlocked: each holds one of A, B, C and wants the next, the last the first");
    check_title("deadlock main A A\n", "main waits for A, which it holds itself");
}

static void threads_whose_end_is_waited_for_make_a_chain(void **state)
{
    (void)state;
    check_title("deadlock main A +worker worker - A\n",
                "2 threads are deadlocked: main waits for the end of worker, which waits for A, held by main");
    check_title("deadlock T1 A B T2 B +T3 T3 - A\n",
                "3 threads are deadlocked: T1 waits for B, held by T2, which waits for the "
                "end of T3, which waits for A, held by T1");
    check_title("deadlock T1 A +T1\n", "T1 waits for its own end");
}

static void who_waits_behind_another_does_not_wait_for_what_it_holds(void **state)
{
    (void)state;
    check_title(
        "deadlock T1 A B T2 - B T3 B A\n",
        "3 threads are deadlocked: T1 waits for B, behind T2, which waits for B, held by T3, which waits for A, held by T1");
}

static void kinds_have_names_and_gates(void **state)
{
    (void)state;
    assert_string_equal(finding_kind_name(FINDING_DEADLOCK), "deadlock");
    assert_string_equal(finding_kind_name(FINDING_MISUSE), "misuse");
    assert_string_equal(finding_certainty_name(CERTAINTY_HAPPENED), "happened");
    for (int kind = 0; kind < FINDING_KIND_COUNT; kind++)
        assert_int_equal(finding_fails_by_default((enum finding_kind)kind), kind != FINDING_HAZARD);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(two_threads_are_told_apart_by_their_names),
        cmocka_unit_test(threads_of_one_name_are_one_and_another),
        cmocka_unit_test(many_threads_are_counted),
        cmocka_unit_test(a_time_out_is_told),
        cmocka_unit_test(a_thread_that_waits_for_itself),
        cmocka_unit_test(a_deadlock_has_happened),
        cmocka_unit_test(threads_whose_end_is_waited_for_make_a_chain),
        cmocka_unit_test(who_waits_behind_another_does_not_wait_for_what_it_holds),
        cmocka_unit_test(kinds_have_names_and_gates),
    };
    return cmocka_run_group_tests_name("finding", tests, NULL, NULL);
}
