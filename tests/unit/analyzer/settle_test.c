/* What several traces say together. */
#include "unit_test.h"

#include <stdlib.h>
#include <string.h>

#include "../../worlds/notation.h"
#include "allocate.h"
#include "trace/settle.h"

/* Dependencies that still count, as "T1 A->B, ...", each held lock one; the caller frees it. */
static char *dependencies_text(const struct small_world *small)
{
    const struct world *world = small->world;
    char *text = allocate_copy("");
    for (uint32_t i = 1; i < world->dependency_count; i++) {
        const struct dependency *dependency = &world->dependencies[i];
        for (uint32_t held = 0; held < dependency->held_count; held++) {
            char *longer =
                allocate_text("%s%s%s->%s", text, *text == '\0' ? "" : ", ", small->lock_names[dependency->held[held].lock.index],
                              small->lock_names[dependency->lock.index]);
            free(text);
            text = longer;
        }
    }
    return text;
}

static void assert_dependencies(const struct small_world *small, const char *expected)
{
    char *text = dependencies_text(small);
    assert_string_equal(text, expected);
    free(text);
}

static void what_is_a_signal_is_neither_held_nor_wanted(void **state)
{
    (void)state;
    struct small_world *small = notation_read("lock S semaphore\nT1: A S B\nT2: S A\nlock S signal\n");
    assert_dependencies(small, "A->B");
    small_world_free(small);
}

static void a_semaphore_that_nobody_else_posts_is_a_lock(void **state)
{
    (void)state;
    struct small_world *small = notation_read("lock S semaphore\nT1: A S\nT2: S A\n");
    assert_dependencies(small, "A->S, S->A");
    small_world_free(small);
}

static void events_of_signals_are_none(void **state)
{
    (void)state;
    struct small_world *small = notation_read("lock S semaphore\nT1: A S\nlock S signal\n");
    struct event *of_signal = world_add_event(small->world);
    of_signal->steps = allocate_zeroed(1, sizeof *of_signal->steps);
    of_signal->step_count = 1;
    of_signal->steps[0].holds.lock = small_world_lock(small, "S");
    struct event *of_lock = world_add_event(small->world);
    of_lock->steps = allocate_zeroed(1, sizeof *of_lock->steps);
    of_lock->step_count = 1;
    of_lock->steps[0].holds.lock = small_world_lock(small, "A");
    trace_settle(small->world);
    assert_int_equal(small->world->events[1].step_count, 0);
    assert_int_equal(small->world->events[2].step_count, 1);
    small_world_free(small);
}

static void a_try_counts_where_its_code_falls_back_to_waiting(void **state)
{
    (void)state;
    struct small_world *small = notation_read("T1: A ~B@f\nT2: B ~A@g\nfallback f\n");
    assert_dependencies(small, "A->B");
    small_world_free(small);
}

static void a_fallback_at_the_same_address_of_another_file_is_another(void **state)
{
    (void)state;
    struct small_world *small = notation_read("T1: A ~B@f\nfallback g\n");
    struct world *world = small->world;
    struct module_id here = world_add_module(world), there = world_add_module(world), again = world_add_module(world);
    world->modules[here.index].path = allocate_copy("/lib/here.so");
    world->modules[there.index].path = allocate_copy("/lib/there.so");
    world->modules[again.index].path = allocate_copy("/lib/here.so");
    struct frame *tried = world->contexts[world->dependencies[1].context.index].frames;
    struct frame *fallback = world->contexts[world->try_fallbacks[1].tried_at.index].frames;
    *tried = (struct frame){here, 0x1000};
    *fallback = (struct frame){there, 0x1000};
    world->dependencies[1].held_count = 1;
    trace_settle(world);
    assert_dependencies(small, "");
    *fallback = (struct frame){again, 0x1000}; /* another process's mapping of the same file */
    world->dependencies[1].held_count = 1;
    trace_settle(world);
    assert_dependencies(small, "A->B");
    small_world_free(small);
}

static void code_of_no_file_is_its_process_own(void **state)
{
    (void)state;
    struct small_world *small = notation_read("T1: A ~B@f\nfallback f\n");
    small->world->try_fallbacks[1].process.index = 7;
    trace_settle(small->world);
    assert_dependencies(small, "");
    small_world_free(small);
}

static void share(struct small_world *small, const char *name, uint32_t process, uint64_t offset)
{
    struct lock *lock = &small->world->locks[small_world_lock(small, name).index];
    lock->process.index = process;
    lock->is_shared = true;
    lock->object = (struct shared_object){1, 2, offset};
}

static void locks_of_several_processes_at_one_place_are_one(void **state)
{
    (void)state;
    struct small_world *small = notation_read("T1: A B\nT2: D C\n");
    share(small, "A", 1, 0);
    share(small, "B", 1, 40);
    share(small, "C", 2, 0);
    share(small, "D", 2, 40);
    trace_settle(small->world);
    assert_dependencies(small, "A->B, B->A");
    small_world_free(small);
}

static void other_places_are_other_locks(void **state)
{
    (void)state;
    struct small_world *small = notation_read("T1: A B\nT2: D C\n");
    share(small, "A", 1, 0);
    share(small, "B", 1, 40);
    share(small, "C", 2, 80);
    trace_settle(small->world);
    assert_dependencies(small, "A->B, D->C");
    small_world_free(small);
}

static void lives_of_one_process_stay_apart_unless_they_were_only_unmapped(void **state)
{
    (void)state;
    for (uint32_t reason = TRACE_LOCK_DESTROYED; reason <= TRACE_LOCK_UNMAPPED; reason++) {
        struct small_world *small = notation_read("T1: A B\nT2: C B\n");
        share(small, "A", 1, 0);
        share(small, "C", 1, 0);
        small->world->locks[small_world_lock(small, "A").index].end_reason = reason;
        trace_settle(small->world);
        assert_dependencies(small, reason == TRACE_LOCK_UNMAPPED ? "A->B, A->B" : "A->B, C->B");
        small_world_free(small);
    }
}

static void a_signal_of_one_process_is_one_in_all(void **state)
{
    (void)state;
    struct small_world *small = notation_read("lock S semaphore\nlock R semaphore\nT1: A S\nT2: R B\n");
    share(small, "S", 1, 0);
    share(small, "R", 2, 0);
    small->world->locks[small_world_lock(small, "R").index].is_signal = true;
    small->world->locks[small_world_lock(small, "R").index].name = allocate_copy("tickets");
    trace_settle(small->world);
    assert_dependencies(small, "");
    assert_string_equal(small->world->locks[small_world_lock(small, "S").index].name, "tickets");
    small_world_free(small);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_a_signal_is_neither_held_nor_wanted),
        cmocka_unit_test(a_semaphore_that_nobody_else_posts_is_a_lock),
        cmocka_unit_test(events_of_signals_are_none),
        cmocka_unit_test(a_try_counts_where_its_code_falls_back_to_waiting),
        cmocka_unit_test(a_fallback_at_the_same_address_of_another_file_is_another),
        cmocka_unit_test(code_of_no_file_is_its_process_own),
        cmocka_unit_test(locks_of_several_processes_at_one_place_are_one),
        cmocka_unit_test(other_places_are_other_locks),
        cmocka_unit_test(lives_of_one_process_stay_apart_unless_they_were_only_unmapped),
        cmocka_unit_test(a_signal_of_one_process_is_one_in_all),
    };
    return cmocka_run_group_tests_name("settle", tests, NULL, NULL);
}
