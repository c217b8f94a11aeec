#include "primitive_test.h"

#include <lockorder/condition.h>

struct shared {
    struct lockorder_lock lock;
    struct lockorder_recursive_lock recursive;
    struct lockorder_condition condition;
    struct lockorder_stop stop;
    int tickets;
    int woken;
    int error;
};

static void setup(struct shared *shared)
{
    *shared = (struct shared){.tickets = 0};
    lockorder_lock_init(&shared->lock, "lock");
    lockorder_recursive_lock_init(&shared->recursive, "recursive");
    lockorder_condition_init(&shared->condition, &shared->lock);
    lockorder_stop_init(&shared->stop);
}

static void teardown(struct shared *shared)
{
    assert_int_equal(lockorder_condition_destroy(&shared->condition), 0);
    assert_int_equal(lockorder_lock_destroy(&shared->lock), 0);
    assert_int_equal(lockorder_recursive_lock_destroy(&shared->recursive), 0);
    assert_int_equal(lockorder_stop_destroy(&shared->stop), 0);
}

/* By holding the lock, so that who has entered the wait is in the list. */
static unsigned waiting(struct shared *shared)
{
    lockorder_lock_acquire(&shared->lock);
    unsigned length = shared->condition.waiting.length;
    lockorder_lock_release(&shared->lock);
    return length;
}

static void calls_without_the_lock_are_refused(void **state)
{
    (void)state;
    struct shared shared;
    setup(&shared);
    struct lockorder_limit limit = soon();
    assert_int_equal(lockorder_condition_wait(&shared.condition), EPERM);
    assert_int_equal(lockorder_condition_wait_within(&shared.condition, &limit), EPERM);
    assert_int_equal(lockorder_condition_wait_for(&shared.condition, NULL, NULL, NULL), EPERM);
    assert_int_equal(lockorder_condition_notify_one(&shared.condition), EPERM);
    assert_int_equal(lockorder_condition_notify(&shared.condition, 2), EPERM);
    assert_int_equal(lockorder_condition_notify_all(&shared.condition), EPERM);
    teardown(&shared);
}

static void *wait_once(void *argument)
{
    struct shared *shared = argument;
    lockorder_lock_acquire(&shared->lock);
    int ticket = shared->tickets++;
    require(lockorder_condition_wait(&shared->condition) == 0);
    require(lockorder_lock_is_mine(&shared->lock));
    if (ticket == shared->woken) /* exact only when one at a time is woken */
        shared->error++;
    shared->woken++;
    lockorder_lock_release(&shared->lock);
    return NULL;
}

static void notify(struct shared *shared, unsigned count)
{
    lockorder_lock_acquire(&shared->lock);
    lockorder_condition_notify(&shared->condition, count);
    lockorder_lock_release(&shared->lock);
}

static int woken(struct shared *shared)
{
    lockorder_lock_acquire(&shared->lock);
    int count = shared->woken;
    lockorder_lock_release(&shared->lock);
    return count;
}

static void as_many_wake_as_are_notified_and_in_turn(void **state)
{
    (void)state;
    struct shared shared;
    pthread_t threads[5];
    setup(&shared);
    notify(&shared, 1); /* nobody waits: nothing is kept */
    for (unsigned i = 0; i < 5; i++) {
        threads[i] = start(wait_once, &shared);
        require_soon(waiting(&shared) == i + 1);
    }
    for (int i = 1; i <= 2; i++) {
        notify(&shared, 1);
        require_soon(woken(&shared) == i);
    }
    assert_int_equal(shared.error, 2); /* the first two, in their order */
    assert_int_equal(waiting(&shared), 3);
    notify(&shared, 2);
    require_soon(woken(&shared) == 4);
    assert_int_equal(waiting(&shared), 1);
    lockorder_lock_acquire(&shared.lock);
    assert_int_equal(lockorder_condition_destroy(&shared.condition), EBUSY);
    lockorder_condition_notify_all(&shared.condition);
    lockorder_lock_release(&shared.lock);
    for (int i = 0; i < 5; i++)
        join(threads[i]);
    teardown(&shared);
}

static void a_wait_ends_at_its_limit_with_the_lock(void **state)
{
    (void)state;
    struct shared shared;
    setup(&shared);
    struct lockorder_limit limit = soon();
    lockorder_lock_acquire(&shared.lock);
    assert_int_equal(lockorder_condition_wait_within(&shared.condition, &limit), ETIMEDOUT);
    assert_true(lockorder_lock_is_mine(&shared.lock));
    assert_int_equal(shared.condition.waiting.length, 0);
    lockorder_stop_request(&shared.stop);
    limit = lockorder_limit_stop(&shared.stop);
    assert_int_equal(lockorder_condition_wait_within(&shared.condition, &limit), ECANCELED);
    assert_true(lockorder_lock_is_mine(&shared.lock));
    lockorder_lock_release(&shared.lock);
    teardown(&shared);
}

static void *wait_until_stopped(void *argument)
{
    struct shared *shared = argument;
    struct lockorder_limit limit = lockorder_limit_stop(&shared->stop);
    lockorder_lock_acquire(&shared->lock);
    shared->error = lockorder_condition_wait_within(&shared->condition, &limit);
    lockorder_lock_release(&shared->lock);
    return NULL;
}

static void a_stop_ends_a_wait(void **state)
{
    (void)state;
    struct shared shared;
    setup(&shared);
    pthread_t thread = start(wait_until_stopped, &shared);
    require_soon(waiting(&shared) == 1);
    /* Asked by who holds the lock: the request does not wait for it. */
    lockorder_lock_acquire(&shared.lock);
    lockorder_stop_request(&shared.stop);
    lockorder_lock_release(&shared.lock);
    join(thread);
    assert_int_equal(shared.error, ECANCELED);
    teardown(&shared);
}

static void *wait_deep_inside(void *argument)
{
    struct shared *shared = argument;
    for (int i = 0; i < 3; i++)
        lockorder_recursive_lock_acquire(&shared->recursive);
    shared->tickets = 1;
    require(lockorder_condition_wait(&shared->condition) == 0);
    for (int i = 0; i < 3; i++)
        require(lockorder_recursive_lock_release(&shared->recursive) == 0);
    require(lockorder_recursive_lock_release(&shared->recursive) == EPERM);
    return NULL;
}

static void a_recursive_lock_is_released_as_a_whole(void **state)
{
    (void)state;
    struct shared shared;
    setup(&shared);
    lockorder_condition_init_recursive(&shared.condition, &shared.recursive);
    pthread_t thread = start(wait_deep_inside, &shared);
    bool waits = false;
    while (!waits) {
        lockorder_recursive_lock_acquire(&shared.recursive);
        waits = shared.tickets == 1;
        lockorder_condition_notify_all(&shared.condition);
        lockorder_recursive_lock_release(&shared.recursive);
    }
    join(thread);
    teardown(&shared);
}

static bool is_above_two(void *closure)
{
    return *(int *)closure > 2;
}

static void *raise_slowly(void *argument)
{
    struct shared *shared = argument;
    for (int i = 0; i < 3; i++) {
        lockorder_lock_acquire(&shared->lock);
        shared->tickets++;
        lockorder_condition_notify_one(&shared->condition);
        lockorder_lock_release(&shared->lock);
    }
    return NULL;
}

static void wait_for_waits_until_it_is_true(void **state)
{
    (void)state;
    struct shared shared;
    setup(&shared);
    struct lockorder_limit limit = soon();
    lockorder_lock_acquire(&shared.lock);
    assert_int_equal(lockorder_condition_wait_for(&shared.condition, is_above_two, &shared.tickets, &limit), ETIMEDOUT);
    pthread_t thread = start(raise_slowly, &shared);
    assert_int_equal(lockorder_condition_wait_for(&shared.condition, is_above_two, &shared.tickets, NULL), 0);
    assert_true(shared.tickets > 2);
    lockorder_lock_release(&shared.lock);
    join(thread);
    teardown(&shared);
}

/* Half the threads put tickets, half take them, with limits so short that they often end in the middle of a notification. */
static void *put_or_take(void *argument)
{
    struct shared *shared = argument;
    static int next;
    bool puts = __atomic_fetch_add(&next, 1, __ATOMIC_RELAXED) % 2 == 0;
    for (int i = 0; i < rounds(3000); i++) {
        lockorder_lock_acquire(&shared->lock);
        if (puts) {
            shared->tickets++;
            lockorder_condition_notify_one(&shared->condition);
        }
        while (!puts && shared->tickets == 0) {
            struct lockorder_limit limit = lockorder_limit_after(30 * LOCKORDER_MICROSECOND);
            int error = lockorder_condition_wait_within(&shared->condition, i % 2 ? &limit : NULL);
            require(error == 0 || error == ETIMEDOUT);
        }
        if (!puts)
            shared->tickets--;
        lockorder_lock_release(&shared->lock);
    }
    return NULL;
}

static void no_notification_is_lost(void **state)
{
    (void)state;
    struct shared shared;
    setup(&shared);
    run_threads(6, put_or_take, &shared);
    assert_int_equal(shared.tickets, 0);
    teardown(&shared);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(calls_without_the_lock_are_refused),
        cmocka_unit_test(as_many_wake_as_are_notified_and_in_turn),
        cmocka_unit_test(a_wait_ends_at_its_limit_with_the_lock),
        cmocka_unit_test(a_stop_ends_a_wait),
        cmocka_unit_test(a_recursive_lock_is_released_as_a_whole),
        cmocka_unit_test(wait_for_waits_until_it_is_true),
        cmocka_unit_test(no_notification_is_lost),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
