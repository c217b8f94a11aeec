#include "primitive_test.h"

#include <lockorder/barrier.h>

enum { PARTIES = 4 };

struct meeting {
    struct lockorder_barrier barrier;
    int meetings;     /* counted by the action */
    int fails_at;     /* the meeting at which the action fails; 0: never */
    unsigned indices; /* those of one meeting, a bit each */
    int errors[PARTIES];
    int came;
    const struct lockorder_limit *limit;
};

static int count_meetings(void *closure)
{
    struct meeting *meeting = closure;
    meeting->meetings++;
    return meeting->meetings == meeting->fails_at ? EIO : 0;
}

static void setup(struct meeting *meeting, int fails_at)
{
    *meeting = (struct meeting){.fails_at = fails_at};
    assert_int_equal(lockorder_barrier_init(&meeting->barrier, PARTIES, count_meetings, meeting, "meeting"), 0);
}

static void *meet_often(void *argument)
{
    struct meeting *meeting = argument;
    for (int i = 0; i < rounds(2000); i++) {
        unsigned index;
        require(lockorder_barrier_wait(&meeting->barrier, &index) == 0);
        require(meeting->meetings == 2 * i + 1);
        __atomic_fetch_or(&meeting->indices, 1U << index, __ATOMIC_RELAXED);
        struct lockorder_limit limit = far();
        require(lockorder_barrier_wait_within(&meeting->barrier, &index, i % 2 ? &limit : NULL) == 0);
        require(meeting->indices == (1U << PARTIES) - 1);
    }
    return NULL;
}

static void all_meet_again_and_again(void **state)
{
    (void)state;
    struct meeting meeting;
    setup(&meeting, 0);
    run_threads(PARTIES, meet_often, &meeting);
    assert_int_equal(meeting.meetings, 2 * rounds(2000));
    assert_int_equal(lockorder_barrier_waiting(&meeting.barrier), 0);
    assert_int_equal(lockorder_barrier_destroy(&meeting.barrier), 0);
}

static void *meet_once(void *argument)
{
    struct meeting *meeting = argument;
    int place = __atomic_fetch_add(&meeting->came, 1, __ATOMIC_RELAXED);
    meeting->errors[place] = lockorder_barrier_wait_within(&meeting->barrier, NULL, meeting->limit);
    return NULL;
}

static int count_errors(const struct meeting *meeting, int error)
{
    int count = 0;
    for (int i = 0; i < meeting->came; i++)
        count += meeting->errors[i] == error;
    return count;
}

static void a_failed_action_breaks_it(void **state)
{
    (void)state;
    struct meeting meeting;
    setup(&meeting, 1);
    run_threads(PARTIES, meet_once, &meeting);
    assert_int_equal(count_errors(&meeting, EIO), 1);
    assert_int_equal(count_errors(&meeting, ENOTRECOVERABLE), PARTIES - 1);
    assert_true(lockorder_barrier_is_broken(&meeting.barrier));
    assert_int_equal(lockorder_barrier_wait(&meeting.barrier, NULL), ENOTRECOVERABLE);
    lockorder_barrier_reset(&meeting.barrier);
    assert_false(lockorder_barrier_is_broken(&meeting.barrier));
    meeting.came = 0;
    run_threads(PARTIES, meet_once, &meeting);
    assert_int_equal(count_errors(&meeting, 0), PARTIES);
    assert_int_equal(lockorder_barrier_destroy(&meeting.barrier), 0);
}

static void start_two(struct meeting *meeting, pthread_t threads[2])
{
    for (int i = 0; i < 2; i++)
        threads[i] = start(meet_once, meeting);
    require_soon(lockorder_barrier_waiting(&meeting->barrier) == 2);
}

static void join_two(pthread_t threads[2])
{
    join(threads[0]);
    join(threads[1]);
}

static void who_gives_up_breaks_it_for_all(void **state)
{
    (void)state;
    struct meeting meeting;
    pthread_t threads[2];
    struct lockorder_stop stop = LOCKORDER_STOP_INITIALIZER;
    struct lockorder_limit limits[2] = {soon(), lockorder_limit_stop(&stop)};
    const int errors[2] = {ETIMEDOUT, ECANCELED};
    lockorder_stop_request(&stop);
    for (int i = 0; i < 2; i++) {
        setup(&meeting, 0);
        start_two(&meeting, threads);
        assert_int_equal(lockorder_barrier_wait_within(&meeting.barrier, NULL, &limits[i]), errors[i]);
        join_two(threads);
        assert_int_equal(count_errors(&meeting, ENOTRECOVERABLE), 2);
        assert_true(lockorder_barrier_is_broken(&meeting.barrier));
        assert_int_equal(lockorder_barrier_destroy(&meeting.barrier), 0);
    }
}

static void abort_breaks_and_reset_mends(void **state)
{
    (void)state;
    struct meeting meeting;
    pthread_t threads[2];
    setup(&meeting, 0);
    start_two(&meeting, threads);
    assert_int_equal(lockorder_barrier_destroy(&meeting.barrier), EBUSY);
    lockorder_barrier_abort(&meeting.barrier);
    join_two(threads);
    assert_int_equal(count_errors(&meeting, ENOTRECOVERABLE), 2);
    lockorder_barrier_reset(&meeting.barrier);
    meeting.came = 0;
    start_two(&meeting, threads);
    lockorder_barrier_reset(&meeting.barrier); /* sends away who waits, and stays usable */
    join_two(threads);
    assert_int_equal(count_errors(&meeting, ENOTRECOVERABLE), 2);
    assert_false(lockorder_barrier_is_broken(&meeting.barrier));
    assert_int_equal(lockorder_barrier_destroy(&meeting.barrier), 0);
}

static void one_party_never_waits(void **state)
{
    (void)state;
    struct lockorder_barrier barrier;
    unsigned index = 7;
    assert_int_equal(lockorder_barrier_init(&barrier, 0, NULL, NULL, NULL), EINVAL);
    assert_int_equal(lockorder_barrier_init(&barrier, 1, NULL, NULL, NULL), 0);
    assert_int_equal(lockorder_barrier_wait(&barrier, &index), 0);
    assert_int_equal(index, 0);
    assert_int_equal(lockorder_barrier_destroy(&barrier), 0);
}

/* Limits so short that meetings often fail in the middle: all parties must come out, and then agree again. */
static void *meet_in_a_hurry(void *argument)
{
    struct meeting *meeting = argument;
    for (int i = 0; i < rounds(300); i++) {
        struct lockorder_limit limit = lockorder_limit_after(40 * LOCKORDER_MICROSECOND);
        int error = lockorder_barrier_wait_within(&meeting->barrier, NULL, &limit);
        require(error == 0 || error == ETIMEDOUT || error == ENOTRECOVERABLE);
        if (error == ETIMEDOUT)
            lockorder_barrier_reset(&meeting->barrier);
    }
    return NULL;
}

static void hurry_leaves_nobody_behind(void **state)
{
    (void)state;
    struct meeting meeting;
    setup(&meeting, 0);
    run_threads(PARTIES, meet_in_a_hurry, &meeting);
    lockorder_barrier_reset(&meeting.barrier);
    run_threads(PARTIES, meet_once, &meeting);
    assert_int_equal(count_errors(&meeting, 0), PARTIES);
    assert_int_equal(lockorder_barrier_destroy(&meeting.barrier), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_meet_again_and_again),
        cmocka_unit_test(a_failed_action_breaks_it),
        cmocka_unit_test(who_gives_up_breaks_it_for_all),
        cmocka_unit_test(abort_breaks_and_reset_mends),
        cmocka_unit_test(one_party_never_waits),
        cmocka_unit_test(hurry_leaves_nobody_behind),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
