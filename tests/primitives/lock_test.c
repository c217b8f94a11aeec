#include "primitive_test.h"

#include <lockorder/event.h>
#include <lockorder/recursive_lock.h>

struct shared {
    struct lockorder_lock lock;
    struct lockorder_recursive_lock recursive;
    struct lockorder_event held;
    struct lockorder_event done;
    long count;
    int error;
};

static void setup(struct shared *shared)
{
    *shared = (struct shared){.count = 0};
    lockorder_lock_init(&shared->lock, "lock");
    lockorder_recursive_lock_init(&shared->recursive, "recursive");
    lockorder_event_init(&shared->held, NULL);
    lockorder_event_init(&shared->done, NULL);
}

static void teardown(struct shared *shared)
{
    assert_int_equal(lockorder_lock_destroy(&shared->lock), 0);
    assert_int_equal(lockorder_recursive_lock_destroy(&shared->recursive), 0);
    lockorder_event_destroy(&shared->held);
    lockorder_event_destroy(&shared->done);
}

static void *hold_both(void *argument)
{
    struct shared *shared = argument;
    lockorder_lock_acquire(&shared->lock);
    lockorder_recursive_lock_acquire(&shared->recursive);
    lockorder_event_set(&shared->held);
    lockorder_event_wait(&shared->done);
    lockorder_recursive_lock_release(&shared->recursive);
    lockorder_lock_release(&shared->lock);
    return NULL;
}

static void misuse_by_the_holder_is_an_error(void **state)
{
    (void)state;
    struct lockorder_lock lock = LOCKORDER_LOCK_INITIALIZER;
    struct lockorder_limit limit = soon();
    assert_int_equal(lockorder_lock_release(&lock), EPERM);
    assert_int_equal(lockorder_lock_acquire(&lock), 0);
    assert_true(lockorder_lock_is_mine(&lock));
    assert_int_equal(lockorder_lock_acquire(&lock), EDEADLK);
    assert_int_equal(lockorder_lock_acquire_within(&lock, &limit), EDEADLK);
    assert_int_equal(lockorder_lock_try_acquire(&lock), EBUSY);
    assert_int_equal(lockorder_lock_destroy(&lock), EBUSY);
    assert_int_equal(lockorder_lock_release(&lock), 0);
    assert_false(lockorder_lock_is_locked(&lock));
    assert_int_equal(lockorder_lock_destroy(&lock), 0);
}

static void another_thread_is_kept_out(void **state)
{
    (void)state;
    struct shared shared;
    setup(&shared);
    pthread_t holder = start(hold_both, &shared);
    lockorder_event_wait(&shared.held);
    struct lockorder_limit limit = soon();
    assert_true(lockorder_lock_is_locked(&shared.lock));
    assert_false(lockorder_lock_is_mine(&shared.lock));
    assert_int_equal(lockorder_lock_release(&shared.lock), EPERM);
    assert_int_equal(lockorder_lock_try_acquire(&shared.lock), EBUSY);
    assert_int_equal(lockorder_lock_acquire_within(&shared.lock, &limit), ETIMEDOUT);
    assert_int_equal(lockorder_lock_destroy(&shared.lock), EBUSY);
    assert_true(lockorder_recursive_lock_is_locked(&shared.recursive));
    assert_int_equal(lockorder_recursive_lock_release(&shared.recursive), EPERM);
    assert_int_equal(lockorder_recursive_lock_try_acquire(&shared.recursive), EBUSY);
    assert_int_equal(lockorder_recursive_lock_acquire_within(&shared.recursive, &limit), ETIMEDOUT);
    assert_int_equal(lockorder_recursive_lock_destroy(&shared.recursive), EBUSY);
    lockorder_event_set(&shared.done);
    join(holder);
    teardown(&shared);
}

static void *acquire_in_time(void *argument)
{
    struct shared *shared = argument;
    struct lockorder_limit limit = far();
    lockorder_event_set(&shared->held);
    shared->error = lockorder_lock_acquire_within(&shared->lock, &limit);
    require(lockorder_lock_is_mine(&shared->lock));
    shared->count++;
    lockorder_lock_release(&shared->lock);
    return NULL;
}

static void a_timed_acquire_succeeds_in_time(void **state)
{
    (void)state;
    struct shared shared;
    setup(&shared);
    lockorder_lock_acquire(&shared.lock);
    pthread_t thread = start(acquire_in_time, &shared);
    lockorder_event_wait(&shared.held);
    struct lockorder_limit limit = soon(); /* so that it most likely waits already */
    lockorder_sleep(&limit);
    shared.count++;
    lockorder_lock_release(&shared.lock);
    join(thread);
    assert_int_equal(shared.error, 0);
    assert_int_equal(shared.count, 2);
    teardown(&shared);
}

static void a_stop_is_no_limit_for_locks(void **state)
{
    (void)state;
    struct lockorder_lock lock = LOCKORDER_LOCK_INITIALIZER;
    struct lockorder_stop stop = LOCKORDER_STOP_INITIALIZER;
    struct lockorder_limit limit = lockorder_limit_stop(&stop);
    assert_int_equal(lockorder_lock_acquire_within(&lock, &limit), EINVAL);
    assert_int_equal(lockorder_lock_acquire_within(&lock, NULL), 0);
    assert_int_equal(lockorder_lock_release(&lock), 0);
}

static void a_recursive_lock_counts(void **state)
{
    (void)state;
    struct lockorder_recursive_lock lock = LOCKORDER_RECURSIVE_LOCK_INITIALIZER;
    struct lockorder_limit limit = soon();
    assert_int_equal(lockorder_recursive_lock_release(&lock), EPERM);
    assert_int_equal(lockorder_recursive_lock_acquire(&lock), 0);
    assert_int_equal(lockorder_recursive_lock_try_acquire(&lock), 0);
    assert_int_equal(lockorder_recursive_lock_acquire_within(&lock, &limit), 0);
    for (int i = 0; i < 3; i++) {
        assert_true(lockorder_recursive_lock_is_mine(&lock));
        assert_int_equal(lockorder_recursive_lock_release(&lock), 0);
    }
    assert_false(lockorder_recursive_lock_is_locked(&lock));
    assert_int_equal(lockorder_recursive_lock_release(&lock), EPERM);
    assert_int_equal(lockorder_recursive_lock_destroy(&lock), 0);
}

static void *count_up(void *argument)
{
    struct shared *shared = argument;
    for (int i = 0; i < rounds(20000); i++) {
        struct lockorder_limit limit = far();
        int error = i % 3 == 0   ? lockorder_lock_acquire(&shared->lock)
                    : i % 3 == 1 ? lockorder_lock_acquire_within(&shared->lock, &limit)
                                 : lockorder_lock_try_acquire(&shared->lock);
        if (error == EBUSY)
            continue;
        require(error == 0);
        shared->count++;
        shared->count--;
        require(lockorder_lock_release(&shared->lock) == 0);
        lockorder_recursive_lock_acquire(&shared->recursive);
        lockorder_recursive_lock_acquire(&shared->recursive);
        shared->error++;
        lockorder_recursive_lock_release(&shared->recursive);
        shared->error--;
        lockorder_recursive_lock_release(&shared->recursive);
    }
    return NULL;
}

static void locks_exclude(void **state)
{
    (void)state;
    struct shared shared;
    setup(&shared);
    run_threads(4, count_up, &shared);
    assert_int_equal(shared.count, 0);
    assert_int_equal(shared.error, 0);
    teardown(&shared);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(misuse_by_the_holder_is_an_error),
        cmocka_unit_test(another_thread_is_kept_out),
        cmocka_unit_test(a_timed_acquire_succeeds_in_time),
        cmocka_unit_test(a_stop_is_no_limit_for_locks),
        cmocka_unit_test(a_recursive_lock_counts),
        cmocka_unit_test(locks_exclude),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
