/* What happened, as findings: once each, and not once more as a prediction. */
#include "unit_test.h"

#include <stdlib.h>
#include <string.h>

#include "../../worlds/findings_text.h"
#include "../../worlds/notation.h"
#include "allocate.h"
#include "event_words.h"
#include "verdict/suggestion.h"
#include "verdict/verdict.h"

static struct findings *judge(struct small_world *small)
{
    return verdict_find(small->world, &(struct verdict_options){0, small_world_names(small)});
}

static void check(const char *world, const char *expected)
{
    struct small_world *small = notation_read(world);
    struct findings *findings = judge(small);
    char *text = findings_text(small, findings);
    assert_string_equal(text, expected);
    free(text);
    findings_free(findings);
    small_world_free(small);
}

static void a_deadlock_is_told_once(void **state)
{
    (void)state;
    check("deadlock T1 A B T2 B A\n", "deadlock happened: T1 A->B 0, T2 B->A 0\n");
    check("T1: A B*9\nT2: B A\ndeadlock T1 A B T2 B A\n", "deadlock happened: T1 A->B 9, T2 B->A 1\n");
    check("T1: A B\nT2: B A\ndeadlock T2 B A T1 A B\n", "deadlock happened: T1 A->B 1, T2 B->A 1\n");
    check("deadlock T1 A B T2 B A\ndeadlock T3 B A T4 A B\n", "deadlock happened x2: T1 A->B 0, T2 B->A 0\n");
    check("T1: A A\ndeadlock T1 A A\n", "deadlock happened: T1 A->A 1\n");
}

static void what_else_can_happen_is_told_as_well(void **state)
{
    (void)state;
    check("T1: A@f B@g\nT2: B@h A@i\nT2: B@j A@k\ndeadlock T1 A@f B@g T2 B@h A@i\n",
          "deadlock happened: T1 A->B 1, T2 B->A 2\ncycle predicted: T1 A->B 1, T2 B->A 2\n");
    check("T1: A B\nT2: B A\ndeadlock T1 C +T2 T2 - C\n",
          "deadlock happened: T2 ->C 0, T1 C->T2 0\ncycle predicted: T1 A->B 1, T2 B->A 1\n");
}

/* The three threads run through the code in which two of them got stuck. */
static void a_longer_cycle_through_the_same_code_is_the_same_fault(void **state)
{
    (void)state;
    check("T1: A@f B@f\nT2: B@f A@f\nT2: B@f C@f\nT3: C@f A@f\ndeadlock T1 A@f B@f T2 B@f A@f\n",
          "deadlock happened x2: T1 A->B 1, T2 B->A 1\n");
}

static void what_is_no_wait_is_no_deadlock(void **state)
{
    (void)state;
    check("deadlock T1 A - T2 B A\n", "");
    struct small_world *small = notation_read("deadlock T1 A B T2 B A\n");
    small->world->events[1].kind = (enum trace_event_kind)4711;
    struct findings *findings = judge(small);
    assert_int_equal(findings->count, 0);
    findings_free(findings);
    small_world_free(small);
}

/* The finding of one event of this kind: T1 does something to A, which conflicts with B of T2. */
static struct findings *judge_event(struct small_world **small, enum trace_event_kind kind)
{
    *small = notation_read("T2: C\ndeadlock T1 B A\n");
    struct event *event = &(*small)->world->events[1];
    event->kind = kind;
    event->detail = 10;
    event->steps[0].other_thread = small_world_thread(*small, "T2");
    return judge(*small);
}

static void check_sentences(enum trace_event_kind kind, enum finding_kind finding_kind, const char *title, const char *suggestion)
{
    struct small_world *small;
    struct findings *findings = judge_event(&small, kind);
    assert_int_equal(findings->count, 1);
    struct finding *finding = &findings->items[0];
    assert_int_equal(finding->kind, finding_kind);
    assert_int_equal(finding->certainty, finding_kind == FINDING_MISUSE ? CERTAINTY_HAPPENED : CERTAINTY_PREDICTED);
    assert_int_not_equal(strlen(finding->subkind), 0);
    finding->title = finding_title(small->world, finding, small_world_lock_name, small);
    finding->suggestion = suggestion_text(small->world, finding, small_world_lock_name, small);
    assert_string_equal(finding->title, title);
    if (suggestion == NULL)
        assert_null(finding->suggestion);
    else
        assert_string_equal(finding->suggestion, suggestion);
    findings_free(findings);
    small_world_free(small);
}

static void each_kind_has_its_sentences(void **state)
{
    (void)state;
    check_sentences(TRACE_EVENT_UNLOCK_NOT_HELD, FINDING_MISUSE, "T1 unlocks A, which nobody holds", NULL);
    check_sentences(TRACE_EVENT_UNLOCK_NOT_OWNER, FINDING_MISUSE, "T1 unlocks A, which T2 holds",
                    "unlock A in the thread that locked it; to wake another thread, use a condition or a semaphore");
    check_sentences(TRACE_EVENT_WAIT_WITH_TWO_MUTEXES, FINDING_MISUSE,
                    "threads wait at one condition with two mutexes: T1 with A, T2 with B",
                    "use one mutex for all waits at the condition");
    check_sentences(TRACE_EVENT_JOIN_HOLDING, FINDING_HAZARD, "T1 waits for the end of T2 while it holds B, which T2 takes",
                    "unlock B before waiting for the thread");
    check_sentences(TRACE_EVENT_SIGNAL_HANDLER, FINDING_HAZARD,
                    "the handler of SIGUSR1 takes A, which is also held while SIGUSR1 may arrive: then the handler waits for the "
                    "thread that it interrupted",
                    "block SIGUSR1 while A is held, or take no lock in the handler");
}

static void kinds_of_one_place_are_different_findings(void **state)
{
    (void)state;
    char *fingerprints[64] = {NULL};
    for (int kind = 1; kind < 64; kind++) {
        struct small_world *small;
        struct findings *findings = judge_event(&small, (enum trace_event_kind)kind);
        bool known = kind == TRACE_EVENT_DEADLOCK || event_words_of((enum trace_event_kind)kind) != NULL;
        assert_int_equal(findings->count, known ? 1 : 0);
        fingerprints[kind] = allocate_copy(known ? findings->items[0].fingerprint : "");
        for (int other = 1; known && other < kind; other++)
            assert_string_not_equal(fingerprints[kind], fingerprints[other]);
        findings_free(findings);
        small_world_free(small);
    }
    for (int kind = 1; kind < 64; kind++)
        free(fingerprints[kind]);
}

static void check_of_gone(const char *world, const char *subkind, const char *title)
{
    struct small_world *small = notation_read(world);
    struct findings *findings = judge(small);
    assert_int_equal(findings->count, 1);
    assert_int_equal(findings->items[0].kind, FINDING_DEADLOCK);
    assert_string_equal(findings->items[0].subkind, subkind);
    findings->items[0].title = finding_title(small->world, &findings->items[0], small_world_lock_name, small);
    assert_string_equal(findings->items[0].title, title);
    findings_free(findings);
    small_world_free(small);
}

static void the_last_thread_may_be_gone(void **state)
{
    (void)state;
    check_of_gone("deadlock T1 - A T2 A -\n", "owner gone", "T1 waits for ever for A, which T2 held when it ended");
    check_of_gone("deadlock T1 - A T2 A B T3 B -\n", "owner gone",
                  "2 threads are deadlocked: T1 waits for A, held by T2, which waits for B, held by T3, which is gone");
    check("deadlock T1 A -\n", "");
    check("deadlock T2 A - T1 - A\n", "");
}

static void what_it_conflicts_with_is_the_same_lock_where_none_is_named(void **state)
{
    (void)state;
    struct small_world *small = notation_read("T2: C\ndeadlock T1 B A\n");
    struct event_step *step = &small->world->events[1].steps[0];
    small->world->events[1].kind = TRACE_EVENT_INIT_HELD;
    step->holds.lock.index = 0;
    struct findings *findings = judge(small);
    assert_int_equal(findings->items[0].steps[0].holds.lock.index, step->wants.lock.index);
    findings_free(findings);
    step->holds.context.index = 0; /* nothing is known */
    findings = judge(small);
    assert_int_equal(findings->items[0].steps[0].holds.lock.index, 0);
    findings_free(findings);
    small_world_free(small);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_deadlock_is_told_once),
        cmocka_unit_test(what_else_can_happen_is_told_as_well),
        cmocka_unit_test(a_longer_cycle_through_the_same_code_is_the_same_fault),
        cmocka_unit_test(what_is_no_wait_is_no_deadlock),
        cmocka_unit_test(each_kind_has_its_sentences),
        cmocka_unit_test(kinds_of_one_place_are_different_findings),
        cmocka_unit_test(the_last_thread_may_be_gone),
        cmocka_unit_test(what_it_conflicts_with_is_the_same_lock_where_none_is_named),
    };
    return cmocka_run_group_tests_name("events", tests, NULL, NULL);
}
