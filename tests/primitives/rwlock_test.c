#include "primitive_test.h"

#include <lockorder/event.h>
#include <lockorder/rwlock.h>

struct shared {
    struct lockorder_rwlock rwlock;
    struct lockorder_event held;
    struct lockorder_event done;
    bool b_wrote; /* protected by rwlock */
    bool c_saw_it;
    long values[2];
};

static void setup(struct shared *shared)
{
    *shared = (struct shared){.b_wrote = false};
    assert_int_equal(lockorder_rwlock_init(&shared->rwlock, "table"), 0);
    lockorder_event_init(&shared->held, NULL);
    lockorder_event_init(&shared->done, NULL);
}

static void teardown(struct shared *shared)
{
    assert_int_equal(lockorder_rwlock_destroy(&shared->rwlock), 0);
    lockorder_event_destroy(&shared->held);
    lockorder_event_destroy(&shared->done);
}

static void misuse_is_an_error(void **state)
{
    (void)state;
    struct shared shared;
    setup(&shared);
    struct lockorder_limit limit = soon();
    assert_int_equal(lockorder_rwlock_release_read(&shared.rwlock), EPERM);
    assert_int_equal(lockorder_rwlock_release_write(&shared.rwlock), EPERM);
    assert_int_equal(lockorder_rwlock_acquire_write(&shared.rwlock), 0);
    assert_true(lockorder_rwlock_is_mine_to_write(&shared.rwlock));
    assert_int_equal(lockorder_rwlock_acquire_write(&shared.rwlock), EDEADLK);
    assert_int_equal(lockorder_rwlock_acquire_read(&shared.rwlock), EDEADLK);
    assert_int_equal(lockorder_rwlock_try_acquire_read(&shared.rwlock), EBUSY);
    assert_int_equal(lockorder_rwlock_try_acquire_write(&shared.rwlock), EBUSY);
    assert_int_equal(lockorder_rwlock_destroy(&shared.rwlock), EBUSY);
    assert_int_equal(lockorder_rwlock_release_read(&shared.rwlock), EPERM);
    assert_int_equal(lockorder_rwlock_release_write(&shared.rwlock), 0);
    assert_int_equal(lockorder_rwlock_acquire_read_within(&shared.rwlock, &limit), 0);
    assert_true(lockorder_rwlock_is_locked(&shared.rwlock));
    assert_int_equal(lockorder_rwlock_destroy(&shared.rwlock), EBUSY);
    assert_int_equal(lockorder_rwlock_release_read(&shared.rwlock), 0);
    limit = lockorder_limit_stop(NULL);
    assert_int_equal(lockorder_rwlock_acquire_read_within(&shared.rwlock, &limit), EINVAL);
    assert_int_equal(lockorder_rwlock_acquire_write_within(&shared.rwlock, &limit), EINVAL);
    teardown(&shared);
}

static void *read_until_done(void *argument)
{
    struct shared *shared = argument;
    lockorder_rwlock_acquire_read(&shared->rwlock);
    lockorder_event_set(&shared->held);
    lockorder_event_wait(&shared->done);
    lockorder_rwlock_release_read(&shared->rwlock);
    return NULL;
}

static void readers_share_and_writers_wait(void **state)
{
    (void)state;
    struct shared shared;
    setup(&shared);
    pthread_t reader = start(read_until_done, &shared);
    lockorder_event_wait(&shared.held);
    struct lockorder_limit limit = soon();
    assert_int_equal(lockorder_rwlock_try_acquire_read(&shared.rwlock), 0);
    assert_int_equal(lockorder_rwlock_release_read(&shared.rwlock), 0);
    assert_int_equal(lockorder_rwlock_try_acquire_write(&shared.rwlock), EBUSY);
    assert_int_equal(lockorder_rwlock_acquire_write_within(&shared.rwlock, &limit), ETIMEDOUT);
    lockorder_event_set(&shared.done);
    join(reader);
    limit = far();
    assert_int_equal(lockorder_rwlock_acquire_write_within(&shared.rwlock, &limit), 0);
    assert_int_equal(lockorder_rwlock_release_write(&shared.rwlock), 0);
    teardown(&shared);
}

static void *write_once(void *argument)
{
    struct shared *shared = argument;
    lockorder_rwlock_acquire_write(&shared->rwlock);
    shared->b_wrote = true;
    lockorder_rwlock_release_write(&shared->rwlock);
    return NULL;
}

static void *read_once(void *argument)
{
    struct shared *shared = argument;
    lockorder_rwlock_acquire_read(&shared->rwlock);
    shared->c_saw_it = shared->b_wrote;
    lockorder_rwlock_release_read(&shared->rwlock);
    return NULL;
}

/* Whether a reader would have to wait: with A reading, that means that B waits to write. */
static bool keeps_readers_out(struct lockorder_rwlock *rwlock)
{
    if (lockorder_rwlock_try_acquire_read(rwlock) == EBUSY)
        return true;
    lockorder_rwlock_release_read(rwlock);
    return false;
}

/* A reads, B wants to write, C wants to read: B comes before C. */
static void writers_come_first(void **state)
{
    (void)state;
    struct shared shared;
    setup(&shared);
    pthread_t a = start(read_until_done, &shared);
    lockorder_event_wait(&shared.held);
    pthread_t b = start(write_once, &shared);
    require_soon(keeps_readers_out(&shared.rwlock));
    pthread_t c = start(read_once, &shared);
    struct lockorder_limit limit = soon();
    assert_int_equal(lockorder_rwlock_acquire_read_within(&shared.rwlock, &limit), ETIMEDOUT);
    lockorder_event_set(&shared.done);
    join(a);
    join(b);
    join(c);
    assert_true(shared.c_saw_it);
    teardown(&shared);
}

static void *read_or_write(void *argument)
{
    struct shared *shared = argument;
    for (int i = 0; i < rounds(5000); i++) {
        if (i % 8 == 0) {
            require(lockorder_rwlock_acquire_write(&shared->rwlock) == 0);
            shared->values[0]++;
            shared->values[1]++;
            require(lockorder_rwlock_release_write(&shared->rwlock) == 0);
        } else {
            require(lockorder_rwlock_acquire_read(&shared->rwlock) == 0);
            require(shared->values[0] == shared->values[1]);
            require(lockorder_rwlock_release_read(&shared->rwlock) == 0);
        }
    }
    return NULL;
}

static void writers_exclude_readers(void **state)
{
    (void)state;
    struct shared shared;
    setup(&shared);
    run_threads(4, read_or_write, &shared);
    assert_int_equal(shared.values[0], 4 * ((rounds(5000) + 7) / 8));
    teardown(&shared);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(misuse_is_an_error),
        cmocka_unit_test(readers_share_and_writers_wait),
        cmocka_unit_test(writers_come_first),
        cmocka_unit_test(writers_exclude_readers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
