#include "primitive_test.h"

#include <lockorder/event.h>

struct sleeper {
    struct lockorder_stop stop;
    struct lockorder_event awake;
    int error;
};

static void *sleep_until_stopped(void *argument)
{
    struct sleeper *sleeper = argument;
    struct lockorder_limit limit = lockorder_limit_stop(&sleeper->stop);
    lockorder_event_set(&sleeper->awake);
    sleeper->error = lockorder_sleep(&limit);
    return NULL;
}

static void a_request_wakes_a_sleeper(void **state)
{
    (void)state;
    struct sleeper sleeper = {.stop = LOCKORDER_STOP_INITIALIZER};
    lockorder_event_init(&sleeper.awake, NULL);
    pthread_t thread = start(sleep_until_stopped, &sleeper);
    lockorder_event_wait(&sleeper.awake);
    assert_false(lockorder_stop_is_requested(&sleeper.stop));
    lockorder_stop_request(&sleeper.stop);
    lockorder_stop_request(&sleeper.stop);
    join(thread);
    assert_int_equal(sleeper.error, ECANCELED);
    assert_true(lockorder_stop_is_requested(&sleeper.stop));
    assert_int_equal(lockorder_event_destroy(&sleeper.awake), 0);
    assert_int_equal(lockorder_stop_destroy(&sleeper.stop), 0);
}

/* Looks inside, since no call tells. */
static bool is_slept_on(struct lockorder_stop *stop)
{
    pthread_mutex_lock(&stop->mutex);
    bool slept_on = stop->waits != NULL;
    pthread_mutex_unlock(&stop->mutex);
    return slept_on;
}

static void a_stop_that_is_slept_on_is_busy(void **state)
{
    (void)state;
    struct sleeper sleeper = {.stop = LOCKORDER_STOP_INITIALIZER};
    lockorder_event_init(&sleeper.awake, NULL);
    pthread_t thread = start(sleep_until_stopped, &sleeper);
    require_soon(is_slept_on(&sleeper.stop));
    assert_int_equal(lockorder_stop_destroy(&sleeper.stop), EBUSY);
    lockorder_stop_request(&sleeper.stop);
    join(thread);
    assert_int_equal(lockorder_event_destroy(&sleeper.awake), 0);
}

static void a_stopped_sleep_does_not_begin(void **state)
{
    (void)state;
    struct lockorder_stop stop;
    assert_int_equal(lockorder_stop_init(&stop), 0);
    lockorder_stop_request(&stop);
    struct lockorder_limit limit = far();
    limit.stop = &stop;
    assert_int_equal(lockorder_sleep(&limit), ECANCELED);
    assert_int_equal(lockorder_stop_destroy(&stop), 0);
}

static void a_sleep_takes_its_time(void **state)
{
    (void)state;
    struct timespec before, after;
    clock_gettime(CLOCK_MONOTONIC, &before);
    struct lockorder_limit limit = lockorder_limit_after(3 * LOCKORDER_MILLISECOND);
    assert_int_equal(lockorder_sleep(&limit), 0);
    clock_gettime(CLOCK_MONOTONIC, &after);
    int64_t slept = (after.tv_sec - before.tv_sec) * LOCKORDER_SECOND + after.tv_nsec - before.tv_nsec;
    assert_true(slept >= 3 * LOCKORDER_MILLISECOND);
    struct lockorder_limit past = lockorder_limit_after(-1);
    assert_int_equal(lockorder_sleep(&past), 0);
}

static void a_sleep_without_end_is_refused(void **state)
{
    (void)state;
    struct lockorder_limit limit = lockorder_limit_stop(NULL);
    assert_int_equal(lockorder_sleep(NULL), EINVAL);
    assert_int_equal(lockorder_sleep(&limit), EINVAL);
}

static void limits_are_normalised(void **state)
{
    (void)state;
    struct lockorder_limit limit = lockorder_limit_after(INT64_MAX);
    assert_true(limit.deadline.tv_nsec >= 0 && limit.deadline.tv_nsec < LOCKORDER_SECOND);
    assert_true(limit.deadline.tv_sec > INT64_MAX / LOCKORDER_SECOND - 1);
}

static void *sleep_and_be_stopped(void *argument)
{
    struct lockorder_stop *stop = argument;
    struct lockorder_limit limit = lockorder_limit_after(LOCKORDER_MILLISECOND / 2);
    limit.stop = stop;
    int error = lockorder_sleep(&limit);
    require(error == 0 || error == ECANCELED);
    /* No post of the request's may be left over: it would end this sleep early. */
    struct timespec before, after;
    clock_gettime(CLOCK_MONOTONIC, &before);
    limit = lockorder_limit_after(LOCKORDER_MILLISECOND);
    require(lockorder_sleep(&limit) == 0);
    clock_gettime(CLOCK_MONOTONIC, &after);
    require((after.tv_sec - before.tv_sec) * LOCKORDER_SECOND + after.tv_nsec - before.tv_nsec >= LOCKORDER_MILLISECOND);
    return NULL;
}

static void requests_race_with_time(void **state)
{
    (void)state;
    for (int round = 0; round < rounds(100); round++) {
        struct lockorder_stop stop = LOCKORDER_STOP_INITIALIZER;
        pthread_t sleepers[4];
        for (int i = 0; i < 4; i++)
            sleepers[i] = start(sleep_and_be_stopped, &stop);
        struct lockorder_limit limit = lockorder_limit_after(LOCKORDER_MILLISECOND / 2);
        lockorder_sleep(&limit);
        lockorder_stop_request(&stop);
        for (int i = 0; i < 4; i++)
            join(sleepers[i]);
        assert_int_equal(lockorder_stop_destroy(&stop), 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_request_wakes_a_sleeper),
        cmocka_unit_test(a_stop_that_is_slept_on_is_busy),
        cmocka_unit_test(a_stopped_sleep_does_not_begin),
        cmocka_unit_test(a_sleep_takes_its_time),
        cmocka_unit_test(a_sleep_without_end_is_refused),
        cmocka_unit_test(limits_are_normalised),
        cmocka_unit_test(requests_race_with_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
