/* Which cycles a run proves; and by which schedule. */
#include <stdio.h>
#include <string.h>

#include "unit_test.h"

#include "../../worlds/small_history.h"

enum { LONGEST = 64 };

struct subject {
    struct world *world;
    struct timeline *timeline;
};

static struct subject open_subject(const char *history)
{
    struct small_call calls[LONGEST];
    uint32_t count = small_history_read(history, calls, LONGEST);
    struct subject subject = {.world = small_history_world(calls, count)};
    subject.timeline = timeline_new(subject.world, (struct process_id){1});
    return subject;
}

static void close_subject(const struct subject *subject)
{
    timeline_free(subject->timeline);
    world_free(subject->world);
}

/* `cycle` is its steps, such as "1AB 2BA". Returns whether it is proven; then `stops` has the numbers of the calls that block. */
static bool is_proven(const char *history, const char *cycle, uint32_t stops[4])
{
    struct subject subject = open_subject(history);
    struct proof_step steps[4];
    uint32_t count = 0;
    for (const char *step = cycle; *step != '\0'; step += step[3] == ' ' ? 4 : 3)
        steps[count++] = small_history_step(step);
    struct proof proof;
    bool proven = proof_find(subject.timeline, steps, count, &proof);
    for (uint32_t i = 0; proven && stops != NULL && i < count; i++)
        stops[i] = proof.stops_at[i];
    if (proven)
        proof_clear(&proof);
    close_subject(&subject);
    return proven;
}

#define PROVEN(history, cycle) assert_true(is_proven(history, cycle, NULL))
#define NOT_PROVEN(history, cycle) assert_false(is_proven(history, cycle, NULL))

static void test_two_threads(void **state)
{
    (void)state;
    PROVEN("1 A B -B -A 2 B A -A -B", "1AB 2BA");
    PROVEN("2 B A -A -B 1 A B -B -A", "1AB 2BA");
    NOT_PROVEN("1 A B -B -A 2 B A -A -B", "1BA 2AB");
    NOT_PROVEN("1 A B -B -A 2 A B -B -A", "1AB 2BA");
    NOT_PROVEN("", "1AB 2BA");
}

static void test_three_threads(void **state)
{
    (void)state;
    PROVEN("1 A B -B -A 2 B C -C -B 3 C A -A -C", "1AB 2BC 3CA");
    NOT_PROVEN("1 A B -B -A !x 2 B C -C -B 3 ?x C A -A -C", "1AB 2BC 3CA");
    NOT_PROVEN("1 A B -B -A 2 B C -C -B !x 3 C A ?x -A -C 1 A B -B -A", "2BC 3CB");
}

/* Thread 2 comes to its step only by what thread 1 does behind its own: a join, a signal, a post. */
static void test_handed_over(void **state)
{
    (void)state;
    NOT_PROVEN("1 A B -B -A !x 2 ?x B A -A -B", "1AB 2BA");
    NOT_PROVEN("1 A B !x -B -A 2 ?x B A -A -B", "1AB 2BA");
    PROVEN("1 !x A B -B -A 2 ?x B A -A -B", "1AB 2BA");
    PROVEN("1 A !x B -B -A 2 ?x B A -A -B", "1AB 2BA");
    PROVEN("1 A B -B -A !x 3 ?x 2 B A -A -B", "1AB 2BA");
    NOT_PROVEN("1 A B -B -A !x 3 ?x !y 2 ?y B A -A -B", "1AB 2BA");
}

/* A wake at a condition takes at the mutex: all that was done under it, before, stays before. */
static void test_woken(void **state)
{
    (void)state;
    NOT_PROVEN("1 A B -B -A M -M 2 ?M M -M B A -A -B", "1AB 2BA");
    PROVEN("1 A B -B -A M -M 2 M -M B A -A -B", "1AB 2BA");
    PROVEN("1 M -M A B -B -A 2 ?M M -M B A -A -B", "1AB 2BA");
}

/* What two threads do under one lock stays in its order, as far as both do it. */
static void test_critical_sections_in_order(void **state)
{
    (void)state;
    PROVEN("1 A B -B -A 2 C -C 1 C -C 2 B A -A -B", "1AB 2BA");
    NOT_PROVEN("1 C A B -B -A -C 2 C B A -A -B -C", "1AB 2BA");
    NOT_PROVEN("1 D A B -B -A -D 2 D -D B A -A -B", "1AB 2BA");
    PROVEN("2 D -D 1 D A B -B -A -D 2 B A -A -B", "1AB 2BA");
    PROVEN("1 A C -C -A 3 C !x -C 2 ?x C A -A -C", "1AC 2CA"); /* thread 1 does not come to its C */
    NOT_PROVEN("1 A D -D B -B -A 3 D A -A -D !x 2 ?x B A -A -B", "1AB 2BA");
}

static void test_held_at_the_step_and_needed_before(void **state)
{
    (void)state;
    /* thread 1 still has A when it wants B; thread 2 was in A before it comes to its step, later than that */
    NOT_PROVEN("1 A B -B -A 2 A -A B A -A -B", "1AB 2BA");
    PROVEN("2 A -A 1 A B -B -A 2 B A -A -B", "1AB 2BA");
}

static void test_later_instances(void **state)
{
    uint32_t stops[4];
    (void)state;
    assert_true(is_proven("1 A B -B -A !x A B -B -A 2 ?x B A -A -B", "1AB 2BA", stops));
    assert_int_equal(stops[0], 7);
    assert_int_equal(stops[1], 12);
    assert_true(is_proven("1 A B -B -A A B -B -A 2 B A -A -B", "1AB 2BA", stops));
    assert_int_equal(stops[0], 2);
    NOT_PROVEN("1 A B -B -A !x A B -B -A !y 2 ?x ?y B A -A -B", "1AB 2BA");
}

static void test_readers(void **state)
{
    (void)state;
    PROVEN("1 A% B -B -A 2 A% -A 2 B A -A -B", "1AB 2BA"); /* both may read A at once */
    NOT_PROVEN("1 A B -B -A 2 A% -A 2 B A -A -B", "1AB 2BA");
    NOT_PROVEN("1 A% B -B -A 2 A -A 2 B A -A -B", "1AB 2BA");
}

/* The try failed since thread 1 had A: in any schedule with that try, thread 1 has it. */
static void test_failed_tries(void **state)
{
    (void)state;
    PROVEN("1 A 2 A~ 1 B -B -A 2 B A -A -B", "1AB 2BA");
    NOT_PROVEN("1 A B -B -A C 2 C~ 1 -C 2 B A -A -B", "1AB 2BA");
    NOT_PROVEN("2 C~ 1 A B -B -A 2 B A -A -B", "1AB 2BA"); /* who had C is not known */
}

static void test_recursive_locks(void **state)
{
    (void)state;
    PROVEN("1 A A B -B -A -A 2 B A -A -B", "1AB 2BA");
    PROVEN("1 A A -A C -C -A 2 C A -A -C", "1AC 2CA");
    NOT_PROVEN("1 G G -G A B -B -A -G 2 G B A -A -B -G", "1AB 2BA");
}

static void test_unlocked_out_of_order(void **state)
{
    (void)state;
    PROVEN("1 C A -C B -B -A 2 B A -A -B", "1AB 2BA");
    NOT_PROVEN("1 A C -A B -B -C 2 B A -A -B", "1AB 2BA");
}

/* A semaphore that somebody else posts is no lock. */
static void test_semaphores(void **state)
{
    (void)state;
    NOT_PROVEN("1 A B -B -A !S 2 S# B A -A -B", "1AB 2BA");
    PROVEN("1 S# -S A B -B -A 2 S# -S B A -A -B", "1AB 2BA");
}

/* A history that ends early is complete up to there: a lock that is not released by then lets nobody else in. */
static void test_histories_that_end(void **state)
{
    (void)state;
    PROVEN("1 A B 2 B A", "1AB 2BA");
    PROVEN("3 C 1 A B -B -A 2 B A -A -B", "1AB 2BA");
    NOT_PROVEN("3 C !x 1 C -C A B -B -A 2 ?x C -C B A -A -B", "1AB 2BA");
}

static void test_numbers_that_go_back(void **state)
{
    struct subject subject = open_subject("1 A B -B -A 2 B A -A -B");
    (void)state;
    for (uint32_t i = 1; i < subject.world->history_count; i++)
        subject.world->history[i].number = 100 - i;
    struct timeline *timeline = timeline_new(subject.world, (struct process_id){1});
    for (uint32_t thread = 0; thread < timeline->thread_count; thread++) {
        for (uint32_t i = 1; i < timeline->threads[thread].count; i++)
            assert_true(timeline->threads[thread].positions[i - 1] < timeline->threads[thread].positions[i]);
    }
    timeline_free(timeline);
    close_subject(&subject);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_two_threads),
        cmocka_unit_test(test_three_threads),
        cmocka_unit_test(test_handed_over),
        cmocka_unit_test(test_woken),
        cmocka_unit_test(test_critical_sections_in_order),
        cmocka_unit_test(test_held_at_the_step_and_needed_before),
        cmocka_unit_test(test_later_instances),
        cmocka_unit_test(test_readers),
        cmocka_unit_test(test_failed_tries),
        cmocka_unit_test(test_recursive_locks),
        cmocka_unit_test(test_unlocked_out_of_order),
        cmocka_unit_test(test_semaphores),
        cmocka_unit_test(test_histories_that_end),
        cmocka_unit_test(test_numbers_that_go_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
