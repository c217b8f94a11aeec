/* Threads, thread-local values, timers. */
#include "primitive_test.h"

#include <lockorder/event.h>
#include <lockorder/local.h>
#include <lockorder/thread.h>
#include <lockorder/timer.h>

struct shared {
    struct lockorder_threads threads;
    struct lockorder_event begun;
    struct lockorder_event end;
    int result;
    char name[16];
};

static void setup(struct shared *shared)
{
    *shared = (struct shared){.result = 0};
    assert_int_equal(lockorder_threads_init(&shared->threads, "threads"), 0);
    lockorder_event_init(&shared->begun, NULL);
    lockorder_event_init(&shared->end, NULL);
}

static void teardown(struct shared *shared)
{
    require_soon(lockorder_threads_destroy(&shared->threads) == 0);
    assert_int_equal(lockorder_event_destroy(&shared->begun), 0);
    assert_int_equal(lockorder_event_destroy(&shared->end), 0);
}

static void run_until_end(void *argument)
{
    struct shared *shared = argument;
    pthread_getname_np(pthread_self(), shared->name, sizeof shared->name);
    require(lockorder_thread_join(lockorder_thread_current()) == EDEADLK);
    lockorder_event_set(&shared->begun);
    lockorder_event_wait(&shared->end);
    shared->result = 42;
}

static struct lockorder_thread *start_thread(struct shared *shared, void (*function)(void *), bool daemon)
{
    struct lockorder_thread *thread;
    struct lockorder_thread_options options = {"a thread with a long name", function, shared, daemon};
    assert_int_equal(lockorder_thread_start(&shared->threads, &options, &thread), 0);
    return thread;
}

static void a_thread_is_known_while_it_lives(void **state)
{
    (void)state;
    struct shared shared;
    setup(&shared);
    struct lockorder_thread *thread = start_thread(&shared, run_until_end, false), *listed[3];
    lockorder_event_wait(&shared.begun);
    assert_string_equal(lockorder_thread_name(thread), "a thread with a long name");
    assert_string_equal(shared.name, "a thread with a");
    assert_true(lockorder_thread_is_alive(thread));
    assert_false(lockorder_thread_is_daemon(thread));
    assert_null(lockorder_thread_current());
    assert_int_equal(lockorder_threads_count(&shared.threads), 1);
    assert_int_equal(lockorder_threads_enumerate(&shared.threads, listed, 3), 1);
    assert_ptr_equal(listed[0], thread);
    lockorder_thread_release(listed[0]);
    assert_int_equal(lockorder_threads_destroy(&shared.threads), EBUSY);
    struct lockorder_limit limit = soon();
    assert_int_equal(lockorder_thread_join_within(thread, &limit), ETIMEDOUT);
    lockorder_event_set(&shared.end);
    assert_int_equal(lockorder_thread_join(thread), 0);
    assert_int_equal(shared.result, 42);
    assert_int_equal(lockorder_thread_join(thread), 0);
    assert_false(lockorder_thread_is_alive(thread));
    assert_int_equal(lockorder_threads_count(&shared.threads), 0);
    lockorder_thread_release(thread);
    teardown(&shared);
}

static void *join_it(void *argument)
{
    struct lockorder_limit limit = far();
    require(lockorder_thread_join_within(argument, &limit) == 0);
    return NULL;
}

static void many_may_join(void **state)
{
    (void)state;
    for (int round = 0; round < rounds(50); round++) {
        struct shared shared;
        pthread_t joiners[4];
        setup(&shared);
        struct lockorder_thread *thread = start_thread(&shared, run_until_end, false);
        for (int i = 0; i < 4; i++)
            joiners[i] = start(join_it, thread);
        lockorder_event_set(&shared.end);
        for (int i = 0; i < 4; i++)
            join(joiners[i]);
        lockorder_thread_release(thread);
        teardown(&shared);
    }
}

static void run_until_stopped(void *argument)
{
    struct shared *shared = argument;
    struct lockorder_limit limit = lockorder_limit_stop(lockorder_thread_stop(lockorder_thread_current()));
    require(lockorder_event_wait_within(&shared->end, &limit) == ECANCELED);
    require(lockorder_stop_is_requested(limit.stop));
}

static void threads_are_asked_to_stop(void **state)
{
    (void)state;
    struct shared shared;
    struct lockorder_limit limit = far();
    setup(&shared);
    for (int i = 0; i < 3; i++)
        lockorder_thread_release(start_thread(&shared, run_until_stopped, i == 2));
    lockorder_threads_request_stop(&shared.threads);
    assert_int_equal(lockorder_threads_join_all(&shared.threads, &limit), 0);
    teardown(&shared);
}

static void daemons_are_not_waited_for(void **state)
{
    (void)state;
    struct shared shared;
    setup(&shared);
    struct lockorder_thread *daemon = start_thread(&shared, run_until_end, true);
    assert_int_equal(lockorder_threads_join_all(&shared.threads, NULL), 0);
    assert_int_equal(lockorder_threads_count(&shared.threads), 1);
    lockorder_event_set(&shared.end);
    assert_int_equal(lockorder_thread_join(daemon), 0);
    lockorder_thread_release(daemon);
    teardown(&shared);
}

static void start_another(void *argument)
{
    struct shared *shared = argument;
    int depth = __atomic_add_fetch(&shared->result, 1, __ATOMIC_RELAXED);
    struct lockorder_thread_options options = {.function = start_another, .argument = shared};
    if (depth < rounds(100))
        require(lockorder_thread_start(&shared->threads, &options, NULL) == 0);
}

static void join_all_waits_for_those_started_meanwhile(void **state)
{
    (void)state;
    struct shared shared;
    setup(&shared);
    lockorder_thread_release(start_thread(&shared, start_another, false));
    assert_int_equal(lockorder_threads_join_all(&shared.threads, NULL), 0);
    assert_int_equal(shared.result, rounds(100));
    teardown(&shared);
}

static int living_values;

static void *make_value(void)
{
    __atomic_add_fetch(&living_values, 1, __ATOMIC_RELAXED);
    return calloc(1, sizeof(int));
}

static void destroy_value(void *value)
{
    __atomic_sub_fetch(&living_values, 1, __ATOMIC_RELAXED);
    free(value);
}

static void *use_own_value(void *argument)
{
    int *value = lockorder_local_get(argument);
    require(*value == 0);
    *value = 1;
    require(lockorder_local_get(argument) == value);
    return NULL;
}

static void each_thread_has_its_own_value(void **state)
{
    (void)state;
    struct lockorder_local local;
    assert_int_equal(lockorder_local_init(&local, make_value, destroy_value), 0);
    run_threads(4, use_own_value, &local);
    assert_int_equal(living_values, 0);
    assert_int_equal(lockorder_local_destroy(&local), 0);
    assert_int_equal(lockorder_local_init(&local, NULL, NULL), 0);
    assert_null(lockorder_local_get(&local));
    assert_int_equal(lockorder_local_set(&local, &local), 0);
    assert_ptr_equal(lockorder_local_get(&local), &local);
    assert_int_equal(lockorder_local_destroy(&local), 0);
}

struct ticks {
    struct lockorder_timer timer;
    struct lockorder_event enough;
    int count;
};

static void tick(void *argument)
{
    struct ticks *ticks = argument;
    if (++ticks->count == 5) {
        require(lockorder_timer_join(&ticks->timer) == EDEADLK);
        lockorder_timer_cancel(&ticks->timer);
        lockorder_event_set(&ticks->enough);
    }
}

static void a_timer_calls_once(void **state)
{
    (void)state;
    struct ticks ticks = {.count = 0};
    struct timespec before, after;
    assert_int_equal(lockorder_timer_start(&ticks.timer, 0, -1, tick, &ticks), EINVAL);
    clock_gettime(CLOCK_MONOTONIC, &before);
    assert_int_equal(lockorder_timer_start(&ticks.timer, 2 * LOCKORDER_MILLISECOND, 0, tick, &ticks), 0);
    assert_int_equal(lockorder_timer_join(&ticks.timer), 0);
    clock_gettime(CLOCK_MONOTONIC, &after);
    assert_true((after.tv_sec - before.tv_sec) * LOCKORDER_SECOND + after.tv_nsec - before.tv_nsec >= 2 * LOCKORDER_MILLISECOND);
    assert_int_equal(ticks.count, 1);
}

static void a_cancelled_timer_does_not_call(void **state)
{
    (void)state;
    struct ticks ticks = {.count = 0};
    assert_int_equal(lockorder_timer_start(&ticks.timer, 3600 * LOCKORDER_SECOND, 0, tick, &ticks), 0);
    lockorder_timer_cancel(&ticks.timer);
    assert_int_equal(lockorder_timer_join(&ticks.timer), 0);
    assert_int_equal(ticks.count, 0);
}

static void a_periodic_timer_calls_until_it_is_cancelled(void **state)
{
    (void)state;
    struct ticks ticks = {.count = 0};
    lockorder_event_init(&ticks.enough, NULL);
    assert_int_equal(lockorder_timer_start(&ticks.timer, 0, LOCKORDER_MILLISECOND / 4, tick, &ticks), 0);
    lockorder_event_wait(&ticks.enough);
    assert_int_equal(lockorder_timer_join(&ticks.timer), 0);
    assert_int_equal(ticks.count, 5);
    lockorder_event_destroy(&ticks.enough);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_thread_is_known_while_it_lives),
        cmocka_unit_test(many_may_join),
        cmocka_unit_test(threads_are_asked_to_stop),
        cmocka_unit_test(daemons_are_not_waited_for),
        cmocka_unit_test(join_all_waits_for_those_started_meanwhile),
        cmocka_unit_test(each_thread_has_its_own_value),
        cmocka_unit_test(a_timer_calls_once),
        cmocka_unit_test(a_cancelled_timer_does_not_call),
        cmocka_unit_test(a_periodic_timer_calls_until_it_is_cancelled),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
