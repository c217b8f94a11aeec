/* A whole trace becomes a world; several become one; a broken one leaves no trace of itself. */
#include "unit_test.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../../worlds/trace_builder.h"
#include "allocate.h"
#include "trace/load.h"
#include "verdict/verdict.h"

static char folder[] = "/tmp/lockorder-load-XXXXXX";

static char *path_of(const char *name)
{
    return allocate_text("%s/%s", folder, name);
}

static void write_trace(const struct trace_builder *builder, const char *name)
{
    char *path = path_of(name);
    trace_builder_write(builder, path);
    free(path);
}

static void remove_file(const char *name)
{
    char *path = path_of(name);
    assert_int_equal(unlink(path), 0);
    free(path);
}

/* Loads a file of the folder, or the folder itself (NULL). */
static int load(struct world *world, const char *name, struct error *error)
{
    char *path = name == NULL ? allocate_copy(folder) : path_of(name);
    int result = trace_load_path(world, path, error);
    free(path);
    return result;
}

static struct world *load_two_threads(void)
{
    struct trace_builder builder;
    struct error error;
    struct world *world = world_new();
    trace_builder_two_threads(&builder);
    write_trace(&builder, "a.lockorder");
    assert_int_equal(load(world, "a.lockorder", &error), 0);
    remove_file("a.lockorder");
    trace_builder_close(&builder);
    return world;
}

static void the_process_is_what_header_and_record_say(void **state)
{
    (void)state;
    struct world *world = load_two_threads();
    const struct process *process = &world->processes[1];
    assert_int_equal(world->process_count, 2);
    assert_string_equal(process->executable, "/usr/bin/bank");
    assert_int_equal(process->argument_count, 2);
    assert_string_equal(process->arguments[0], "bank");
    assert_string_equal(process->arguments[1], "--fast");
    assert_int_equal(process->kernel_id, 1000);
    assert_int_equal(process->parent_kernel_id, 999);
    assert_int_equal(process->acquisitions, 600);
    assert_int_equal(process->state, TRACE_STATE_CLOSED);
    assert_true(process->hooks_ran);
    assert_false(process->truncated);
    assert_false(process->forked);
    world_free(world);
}

static void threads_segments_and_locks_are_loaded(void **state)
{
    (void)state;
    struct world *world = load_two_threads();
    assert_int_equal(world->thread_count, 4);
    assert_string_equal(world->threads[2].name, "left");
    assert_int_equal(world->threads[2].parent.index, 1);
    assert_int_equal(world->threads[2].number, 2);
    assert_int_equal(world->threads[3].acquisitions, 300);
    assert_int_equal(world->segment_count, 7);
    assert_int_equal(world->segments[6].start, TRACE_SEGMENT_JOIN);
    assert_int_equal(world->segments[6].previous.index, 5);
    assert_int_equal(world->segments[6].other.index, 2);
    assert_int_equal(world->lock_count, 4);
    assert_int_equal(world->locks[1].end_reason, 0);
    assert_int_equal(world->locks[2].end_reason, TRACE_LOCK_DESTROYED);
    assert_int_equal(world->locks[2].first_used_at.index, 2);
    world_free(world);
}

static void frames_are_unpacked(void **state)
{
    (void)state;
    struct world *world = load_two_threads();
    assert_int_equal(world->contexts[3].frame_count, 2);
    assert_int_equal(world->contexts[3].frames[0].module.index, 1);
    assert_int_equal(world->contexts[3].frames[0].address, 0x1030);
    assert_string_equal(world->modules[1].path, "/usr/bin/bank");
    assert_int_equal(world->modules[1].build_id_size, 4);
    world_free(world);
}

static void dependencies_have_what_is_held_and_who_saw_it(void **state)
{
    (void)state;
    struct world *world = load_two_threads();
    const struct dependency *dependency = &world->dependencies[1];
    assert_int_equal(world->dependency_count, 3);
    assert_int_equal(dependency->lock.index, 2);
    assert_int_equal(dependency->context.index, 2);
    assert_int_equal(dependency->held_count, 1);
    assert_int_equal(dependency->held[0].lock.index, 1);
    assert_int_equal(dependency->held[0].mode, TRACE_MODE_EXCLUSIVE);
    assert_int_equal(dependency->witness_count, 1);
    assert_int_equal(dependency->witnesses[0].segment.index, 2);
    assert_int_equal(dependency->witnesses[0].count, 991);
    world_free(world);
}

static void events_have_their_steps(void **state)
{
    (void)state;
    struct world *world = load_two_threads();
    assert_int_equal(world->event_count, 2);
    const struct event *event = &world->events[1];
    assert_int_equal(event->kind, TRACE_EVENT_UNLOCK_NOT_HELD);
    assert_int_equal(event->step_count, 1);
    assert_int_equal(event->steps[0].thread.index, 3);
    assert_int_equal(event->steps[0].wants.lock.index, 1);
    assert_int_equal(event->steps[0].wants.context.index, 4);
    assert_int_equal(event->steps[0].holds.lock.index, 0);
    assert_int_equal(event->steps[0].holds.context.index, 1);
    assert_int_equal(event->steps[0].other_thread.index, 2);
    world_free(world);
}

static void locks_have_what_other_records_say_of_them(void **state)
{
    (void)state;
    struct world *world = load_two_threads();
    assert_string_equal(world->locks[1].name, "account");
    assert_int_equal(world->locks[1].level, 2);
    assert_null(world->locks[2].name);
    assert_true(world->locks[3].is_signal);
    assert_true(world->locks[3].is_shared);
    assert_int_equal(world->locks[3].object.offset, 10);
    assert_int_equal(world->try_fallback_count, 2);
    assert_int_equal(world->try_fallbacks[1].tried_at.index, 1);
    assert_int_equal(world->declared_order_count, 2);
    assert_string_equal(world->declared_orders[1].before, "account");
    assert_string_equal(world->declared_orders[1].after, "journal");
    world_free(world);
}

/* What a wait refers to may not be complete yet, or be half of what it was before. */
static void a_wait_may_refer_to_what_is_not_known(void **state)
{
    (void)state;
    struct trace_builder builder;
    struct error error;
    struct world *world = world_new();
    trace_builder_two_threads(&builder);
    trace_builder_wait(&builder, 3, TRACE_WAIT_JOIN, 2000, 99, 98);
    write_trace(&builder, "a.lockorder");
    assert_int_equal(load(world, "a.lockorder", &error), 0);
    assert_int_equal(world->wait_count, 3);
    assert_int_equal(world->waits[1].thread.index, 2);
    assert_int_equal(world->waits[1].lock.index, 1);
    assert_int_equal(world->waits[1].context.index, 2);
    assert_int_equal(world->waits[1].since, 1000);
    assert_int_equal(world->waits[2].kind, TRACE_WAIT_JOIN);
    assert_int_equal(world->waits[2].joined.index, 0);
    assert_int_equal(world->waits[2].context.index, 0);
    remove_file("a.lockorder");
    world_free(world);
    trace_builder_close(&builder);
}

static void what_is_loaded_is_judged(void **state)
{
    (void)state;
    struct world *world = load_two_threads();
    struct findings *findings = verdict_find(world, &(struct verdict_options){0});
    assert_int_equal(findings->count, 2);
    assert_int_equal(findings->items[0].kind, FINDING_CYCLE);
    assert_int_equal(findings->items[1].kind, FINDING_MISUSE);
    assert_int_equal(findings->items[0].step_count, 2);
    assert_int_equal(findings->items[0].steps[0].thread.index, 2);
    assert_int_equal(findings->items[0].steps[0].count, 991);
    assert_int_equal(findings->items[0].steps[1].count, 9);
    findings_free(findings);
    world_free(world);
}

/* Two processes of the same program: their ids are the same, their locks are not. */
static void a_folder_is_loaded_by_name_with_ids_of_its_own_for_each_file(void **state)
{
    (void)state;
    struct trace_builder builder;
    struct error error;
    struct world *world = world_new();
    trace_builder_two_threads(&builder);
    trace_builder_header(&builder)->process = 2;
    write_trace(&builder, "b.lockorder");
    trace_builder_header(&builder)->process = 1;
    write_trace(&builder, "a.lockorder");
    write_trace(&builder, "c.other");
    assert_int_equal(load(world, NULL, &error), 0);
    assert_int_equal(world->process_count, 3);
    assert_int_equal(world->processes[1].kernel_id, 1);
    assert_int_equal(world->processes[2].kernel_id, 2);
    assert_int_equal(world->locks[4].process.index, 2);
    assert_int_equal(world->locks[4].number, 1);
    assert_int_equal(world->dependencies[3].held[0].lock.index, 4);
    assert_int_equal(world->dependencies[3].lock.index, 5);
    assert_int_equal(world->contexts[5].frames[0].module.index, 2);
    assert_int_equal(world->segments[world->dependencies[3].witnesses[0].segment.index].thread.index, 5);
    assert_int_equal(world->threads[5].process.index, 2);
    world_free(world);
    remove_file("a.lockorder");
    remove_file("b.lockorder");
    remove_file("c.other");
    trace_builder_close(&builder);
}

static void a_folder_without_traces_is_an_error(void **state)
{
    (void)state;
    struct error error;
    struct world *world = world_new();
    assert_int_equal(load(world, NULL, &error), -1);
    assert_non_null(strstr(error.text, "holds no trace, expected files *.lockorder"));
    world_free(world);
}

static void what_is_not_there_is_an_error(void **state)
{
    (void)state;
    struct error error;
    struct world *world = world_new();
    assert_int_equal(load(world, "none.lockorder", &error), -1);
    assert_non_null(strstr(error.text, "none.lockorder: cannot be opened: No such file"));
    world_free(world);
}

/* Whether the segment that a recent witness was moved to has to be in the file. */
static void check_newer_segment(enum trace_state process_state, int expected)
{
    struct trace_builder builder;
    struct error error;
    struct world *world = world_new();
    trace_builder_two_threads(&builder);
    trace_builder_witness(&builder, 1, 7, 5);
    trace_builder_header(&builder)->state = process_state;
    write_trace(&builder, "a.lockorder");
    assert_int_equal(load(world, "a.lockorder", &error), expected);
    if (expected == 0)
        assert_int_equal(world->dependencies[1].witnesses[1].segment.index, 0);
    remove_file("a.lockorder");
    world_free(world);
    trace_builder_close(&builder);
}

static void a_witness_may_have_moved_to_a_segment_that_is_not_complete(void **state)
{
    (void)state;
    check_newer_segment(TRACE_STATE_RECORDING, 0);
    check_newer_segment(TRACE_STATE_STOPPED, 0);
    check_newer_segment(TRACE_STATE_CLOSED, -1);
}

/* It was written before the segment was, and replaced in place after that. */
static void a_witness_may_refer_forward(void **state)
{
    (void)state;
    struct trace_builder builder;
    struct error error;
    struct world *world = world_new();
    trace_builder_two_threads(&builder);
    trace_builder_witness(&builder, 1, 7, 5);
    trace_builder_segment(&builder, 7, 2, 2, 0, TRACE_SEGMENT_CREATE);
    write_trace(&builder, "a.lockorder");
    assert_int_equal(load(world, "a.lockorder", &error), 0);
    assert_int_equal(world->dependencies[1].witnesses[1].segment.index, 7);
    remove_file("a.lockorder");
    world_free(world);
    trace_builder_close(&builder);
}

static void a_broken_trace_leaves_the_world_as_it_was(void **state)
{
    (void)state;
    struct trace_builder builder;
    struct error error;
    struct world *world = load_two_threads();
    struct world before = *world;
    trace_builder_two_threads(&builder);
    trace_builder_witness(&builder, 99, 1, 1);
    write_trace(&builder, "a.lockorder");
    assert_int_equal(load(world, "a.lockorder", &error), -1);
    assert_int_equal(world->process_count, before.process_count);
    assert_int_equal(world->dependency_count, before.dependency_count);
    assert_int_equal(world->context_count, before.context_count);
    assert_int_equal(world->lock_count, before.lock_count);
    remove_file("a.lockorder");
    world_free(world);
    trace_builder_close(&builder);
}

/* A process that has only just started. */
static void a_trace_without_records_is_a_process_without_a_name(void **state)
{
    (void)state;
    struct trace_builder builder;
    struct error error;
    struct world *world = world_new();
    trace_builder_open(&builder);
    write_trace(&builder, "a.lockorder");
    assert_int_equal(load(world, "a.lockorder", &error), 0);
    assert_int_equal(world->process_count, 2);
    assert_string_equal(world->processes[1].executable, "");
    assert_int_equal(world->processes[1].argument_count, 0);
    remove_file("a.lockorder");
    world_free(world);
    trace_builder_close(&builder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_process_is_what_header_and_record_say),
        cmocka_unit_test(threads_segments_and_locks_are_loaded),
        cmocka_unit_test(frames_are_unpacked),
        cmocka_unit_test(dependencies_have_what_is_held_and_who_saw_it),
        cmocka_unit_test(events_have_their_steps),
        cmocka_unit_test(locks_have_what_other_records_say_of_them),
        cmocka_unit_test(a_wait_may_refer_to_what_is_not_known),
        cmocka_unit_test(what_is_loaded_is_judged),
        cmocka_unit_test(a_folder_is_loaded_by_name_with_ids_of_its_own_for_each_file),
        cmocka_unit_test(a_folder_without_traces_is_an_error),
        cmocka_unit_test(what_is_not_there_is_an_error),
        cmocka_unit_test(a_witness_may_have_moved_to_a_segment_that_is_not_complete),
        cmocka_unit_test(a_witness_may_refer_forward),
        cmocka_unit_test(a_broken_trace_leaves_the_world_as_it_was),
        cmocka_unit_test(a_trace_without_records_is_a_process_without_a_name),
    };
    if (mkdtemp(folder) == NULL)
        return 99;
    int failed = cmocka_run_group_tests_name("load", tests, NULL, NULL);
    return rmdir(folder) == 0 ? failed : 99;
}
