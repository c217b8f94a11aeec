#include "unit_test.h"

#include <stdlib.h>

#include "../../worlds/notation.h"
#include "verdict/self_deadlock.h"

static void check_count(const char *world, uint32_t expected)
{
    struct small_world *small = notation_read(world);
    struct self_deadlock *items;
    assert_int_equal(self_deadlock_find(small->world, &items), expected);
    free(items);
    small_world_free(small);
}

static void only_kinds_that_wait_for_their_owner_are_found(void **state)
{
    (void)state;
    check_count("T1: A A\n", 1);
    check_count("lock A adaptive\nT1: A A\n", 1);
    check_count("lock A recursive\nT1: A A\n", 0);
    check_count("lock A errorcheck\nT1: A A\n", 0);
    check_count("lock A spin\nT1: A A\n", 1);
    check_count("lock A semaphore\nT1: A A\n", 1);
    check_count("lock A semaphore\nT1: A A\nlock A signal\n", 0);
    check_count("lock A once\nT1: A A\n", 1);
    check_count("lock A guard\nT1: A A\n", 1);
    check_count("lock A loader\nT1: A A\n", 0);
    check_count("lock A file\nT1: A A\n", 0);
    check_count("lock A annotated\nT1: A A\n", 1);
    check_count("lock A annotated\nT1: A% A%\n", 0);
    check_count("lock A annotated\nT1: A% A\n", 1);
    check_count("T1: A -A A\n", 0);
    check_count("T1: A ~A\n", 0);
    check_count("T1: A B\nT2: B A\n", 0);
}

/* glibc returns EDEADLK to whoever wants what it has locked for writing. */
static void a_rwlock_waits_for_itself_when_it_is_upgraded(void **state)
{
    (void)state;
    check_count("lock A rwlock\nT1: A% A\n", 1);
    check_count("lock A rwlock\nT1: A% A%\n", 0);
    check_count("lock A rwlock\nT1: A A%\n", 0);
    check_count("lock A rwlock\nT1: A A\n", 0);
    check_count("lock A writersfirst\nT1: A% A\n", 1);
}

static void reading_twice_needs_a_writer_to_wait(void **state)
{
    (void)state;
    struct small_world *small = notation_read("lock A writersfirst\nT1: A% A%\n");
    struct self_deadlock *items;
    assert_int_equal(self_deadlock_find(small->world, &items), 1);
    assert_true(items[0].needs_writer);
    free(items);
    small_world_free(small);
}

static void each_dependency_is_one_with_the_count_of_all(void **state)
{
    (void)state;
    struct small_world *small = notation_read("T1: B A A*2\nT2: A A?*3\nT3: C C\n");
    struct self_deadlock *items;
    assert_int_equal(self_deadlock_find(small->world, &items), 3);
    assert_int_equal(items[0].step.count, 5);
    assert_int_equal(items[0].step.held_index, 1);
    assert_int_equal(items[0].step.thread.index, small_world_thread(small, "T1").index);
    assert_false(items[0].timed);
    assert_int_equal(items[1].step.count, 5);
    assert_true(items[1].timed);
    assert_int_equal(items[2].step.count, 1);
    free(items);
    small_world_free(small);
}

static void without_a_witness_no_thread_is_named(void **state)
{
    (void)state;
    struct small_world *small = notation_read("T1: A A\n");
    struct self_deadlock *items;
    small->world->dependencies[1].witness_count = 0;
    assert_int_equal(self_deadlock_find(small->world, &items), 1);
    assert_int_equal(items[0].step.thread.index, 0);
    free(items);
    small_world_free(small);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_kinds_that_wait_for_their_owner_are_found),
        cmocka_unit_test(a_rwlock_waits_for_itself_when_it_is_upgraded),
        cmocka_unit_test(reading_twice_needs_a_writer_to_wait),
        cmocka_unit_test(each_dependency_is_one_with_the_count_of_all),
        cmocka_unit_test(without_a_witness_no_thread_is_named),
    };
    return cmocka_run_group_tests_name("self_deadlock", tests, NULL, NULL);
}
