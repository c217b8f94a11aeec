#include "primitive_test.h"

#include <limits.h>

#include <lockorder/event.h>
#include <lockorder/semaphore.h>

static void permits_are_taken_and_given(void **state)
{
    (void)state;
    struct lockorder_semaphore semaphore;
    struct lockorder_limit limit = soon();
    assert_int_equal(lockorder_semaphore_init(&semaphore, 2, "permits"), 0);
    assert_int_equal(lockorder_semaphore_acquire(&semaphore), 0);
    assert_int_equal(lockorder_semaphore_try_acquire(&semaphore), 0);
    assert_int_equal(lockorder_semaphore_try_acquire(&semaphore), EAGAIN);
    assert_int_equal(lockorder_semaphore_acquire_within(&semaphore, &limit), ETIMEDOUT);
    for (int i = 0; i < 3; i++)
        assert_int_equal(lockorder_semaphore_release(&semaphore), 0);
    assert_int_equal(lockorder_semaphore_permits(&semaphore), 3);
    assert_int_equal(lockorder_semaphore_acquire_within(&semaphore, &limit), 0);
    assert_int_equal(lockorder_semaphore_destroy(&semaphore), 0);
}

static void a_bounded_semaphore_takes_no_more_than_it_gave(void **state)
{
    (void)state;
    struct lockorder_semaphore semaphore;
    assert_int_equal(lockorder_semaphore_init_bounded(&semaphore, 1, "permit"), 0);
    assert_int_equal(lockorder_semaphore_release(&semaphore), EPERM);
    assert_int_equal(lockorder_semaphore_acquire(&semaphore), 0);
    assert_int_equal(lockorder_semaphore_destroy(&semaphore), EBUSY);
    assert_int_equal(lockorder_semaphore_release(&semaphore), 0);
    assert_int_equal(lockorder_semaphore_release(&semaphore), EPERM);
    assert_int_equal(lockorder_semaphore_permits(&semaphore), 1);
    assert_int_equal(lockorder_semaphore_destroy(&semaphore), 0);
}

static void limits_of_the_system_are_errors(void **state)
{
    (void)state;
    struct lockorder_semaphore semaphore;
    struct lockorder_stop stop = LOCKORDER_STOP_INITIALIZER;
    struct lockorder_limit limit = lockorder_limit_stop(&stop);
    assert_int_equal(lockorder_semaphore_init(&semaphore, (unsigned)INT_MAX + 1, NULL), EINVAL);
    assert_int_equal(lockorder_semaphore_init(&semaphore, INT_MAX, NULL), 0);
    assert_int_equal(lockorder_semaphore_release(&semaphore), EOVERFLOW);
    assert_int_equal(lockorder_semaphore_acquire_within(&semaphore, &limit), EINVAL);
    assert_int_equal(lockorder_semaphore_destroy(&semaphore), 0);
}

struct room {
    struct lockorder_semaphore places;
    int inside;
};

static void *take_a_place(void *argument)
{
    struct room *room = argument;
    lockorder_semaphore_acquire(&room->places);
    return NULL;
}

static void a_semaphore_that_is_waited_for_is_busy(void **state)
{
    (void)state;
    struct room room = {.inside = 0};
    lockorder_semaphore_init(&room.places, 0, NULL);
    pthread_t thread = start(take_a_place, &room);
    require_soon(__atomic_load_n(&room.places.waiting, __ATOMIC_ACQUIRE) == 1);
    assert_int_equal(lockorder_semaphore_destroy(&room.places), EBUSY);
    lockorder_semaphore_release(&room.places);
    join(thread);
    assert_int_equal(lockorder_semaphore_destroy(&room.places), 0);
}

static void *come_and_go(void *argument)
{
    struct room *room = argument;
    for (int i = 0; i < rounds(5000); i++) {
        struct lockorder_limit limit = lockorder_limit_after(50 * LOCKORDER_MICROSECOND);
        if (lockorder_semaphore_acquire_within(&room->places, i % 2 ? &limit : NULL) != 0)
            continue;
        require(__atomic_add_fetch(&room->inside, 1, __ATOMIC_ACQ_REL) <= 2);
        __atomic_sub_fetch(&room->inside, 1, __ATOMIC_ACQ_REL);
        require(lockorder_semaphore_release(&room->places) == 0);
    }
    return NULL;
}

static void no_more_are_inside_than_have_permits(void **state)
{
    (void)state;
    struct room room = {.inside = 0};
    lockorder_semaphore_init_bounded(&room.places, 2, "places");
    run_threads(5, come_and_go, &room);
    assert_int_equal(lockorder_semaphore_permits(&room.places), 2);
    assert_int_equal(lockorder_semaphore_destroy(&room.places), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(permits_are_taken_and_given),
        cmocka_unit_test(a_bounded_semaphore_takes_no_more_than_it_gave),
        cmocka_unit_test(limits_of_the_system_are_errors),
        cmocka_unit_test(a_semaphore_that_is_waited_for_is_busy),
        cmocka_unit_test(no_more_are_inside_than_have_permits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
