/* Futures and executors. */
#include "primitive_test.h"

#include <lockorder/event.h>
#include <lockorder/future.h>

enum { WORK = 60 };

static int numbers[WORK];
static void *arguments[WORK];

static int halve(void *argument, void **result)
{
    int number = *(int *)argument;
    *result = &numbers[number / 2];
    return number % 2 ? EDOM : 0;
}

struct gate {
    struct lockorder_event begun;
    struct lockorder_event open;
};

static void gate_init(struct gate *gate)
{
    lockorder_event_init(&gate->begun, NULL);
    lockorder_event_init(&gate->open, NULL);
}

static void gate_destroy(struct gate *gate)
{
    assert_int_equal(lockorder_event_destroy(&gate->begun), 0);
    assert_int_equal(lockorder_event_destroy(&gate->open), 0);
}

static int wait_at_gate(void *argument, void **result)
{
    struct gate *gate = argument;
    lockorder_event_set(&gate->begun);
    lockorder_event_wait(&gate->open);
    *result = gate;
    return 0;
}

static struct lockorder_future *submit(struct lockorder_executor *executor, lockorder_work work, void *argument)
{
    struct lockorder_future *future;
    assert_int_equal(lockorder_executor_submit(executor, work, argument, &future), 0);
    return future;
}

static void end(struct lockorder_executor *executor)
{
    assert_int_equal(lockorder_executor_shutdown(executor, LOCKORDER_FINISH_QUEUED), 0);
    assert_int_equal(lockorder_executor_destroy(executor), 0);
}

static void results_and_errors_are_carried(void **state)
{
    (void)state;
    struct lockorder_executor executor;
    struct lockorder_future *futures[WORK];
    assert_int_equal(lockorder_executor_init(&executor, 2, "executor"), 0);
    assert_int_equal(lockorder_executor_map(&executor, halve, arguments, WORK, futures), 0);
    for (int i = 0; i < WORK; i++) {
        void *result = NULL;
        int error = lockorder_future_result(futures[i], &result);
        assert_int_equal(error, i % 2 ? EDOM : 0);
        assert_true(lockorder_future_is_done(futures[i]));
        if (error == 0)
            assert_ptr_equal(result, &numbers[i / 2]);
        assert_int_equal(lockorder_future_cancel(futures[i]), EALREADY);
        lockorder_future_release(futures[i]);
    }
    assert_int_equal(lockorder_executor_destroy(&executor), EBUSY);
    end(&executor);
}

static void only_what_has_not_begun_is_cancelled(void **state)
{
    (void)state;
    struct lockorder_executor executor;
    struct gate gate;
    struct lockorder_limit limit = soon();
    int error = 0;
    gate_init(&gate);
    lockorder_executor_init(&executor, 1, "executor");
    struct lockorder_future *running = submit(&executor, wait_at_gate, &gate), *pending = submit(&executor, halve, arguments[4]);
    lockorder_event_wait(&gate.begun);
    assert_true(lockorder_future_is_running(running));
    assert_int_equal(lockorder_future_cancel(running), EBUSY);
    assert_int_equal(lockorder_future_result_within(pending, NULL, &error, &limit), ETIMEDOUT);
    assert_int_equal(lockorder_future_cancel(pending), 0);
    assert_true(lockorder_future_is_cancelled(pending) && lockorder_future_is_done(pending));
    assert_int_equal(lockorder_future_result_within(pending, NULL, &error, &limit), 0);
    assert_int_equal(error, ECANCELED);
    lockorder_event_set(&gate.open);
    assert_int_equal(lockorder_future_result(running, NULL), 0);
    assert_false(lockorder_future_is_cancelled(running));
    end(&executor);
    lockorder_future_release(running);
    lockorder_future_release(pending);
    gate_destroy(&gate);
}

static void a_shutdown_finishes_or_cancels(void **state)
{
    (void)state;
    for (int cancels = 0; cancels < 2; cancels++) {
        struct lockorder_executor executor;
        struct gate gate;
        struct lockorder_future *futures[WORK], *late;
        gate_init(&gate);
        lockorder_executor_init(&executor, 1, "executor");
        struct lockorder_future *first = submit(&executor, wait_at_gate, &gate);
        lockorder_event_wait(&gate.begun);
        lockorder_executor_map(&executor, halve, arguments, WORK, futures);
        if (cancels)
            lockorder_thread_pool_close(&executor.pool, LOCKORDER_CANCEL_QUEUED);
        lockorder_event_set(&gate.open);
        assert_int_equal(lockorder_executor_shutdown(&executor, LOCKORDER_FINISH_QUEUED), 0);
        assert_int_equal(lockorder_executor_submit(&executor, halve, arguments[0], &late), EPIPE);
        assert_int_equal(lockorder_executor_map(&executor, halve, arguments, 3, &late), EPIPE);
        for (int i = 0; i < WORK; i++) {
            assert_true(lockorder_future_is_done(futures[i]));
            assert_int_equal(lockorder_future_result(futures[i], NULL), cancels ? ECANCELED : i % 2 ? EDOM : 0);
            lockorder_future_release(futures[i]);
        }
        assert_int_equal(lockorder_future_result(first, NULL), 0);
        lockorder_future_release(first);
        assert_int_equal(lockorder_executor_destroy(&executor), 0);
        gate_destroy(&gate);
    }
}

static int shut_own_executor_down(void *argument, void **result)
{
    (void)result;
    return lockorder_executor_shutdown(argument, LOCKORDER_FINISH_QUEUED);
}

static void work_cannot_shut_its_executor_down(void **state)
{
    (void)state;
    struct lockorder_executor executor;
    lockorder_executor_init(&executor, 2, "executor");
    struct lockorder_future *future = submit(&executor, shut_own_executor_down, &executor);
    assert_int_equal(lockorder_future_result(future, NULL), EDEADLK);
    lockorder_future_release(future);
    end(&executor);
}

static void add_digit(void *closure, struct lockorder_future *future)
{
    void *digit = NULL;
    require(lockorder_future_result(future, &digit) == 0);
    int *sum = closure;
    *sum = *sum * 10 + *(int *)digit;
}

static void double_it(void *closure, struct lockorder_future *future)
{
    (void)future;
    *(int *)closure *= 2;
}

static void callbacks_come_once_and_in_order(void **state)
{
    (void)state;
    struct lockorder_future *future;
    int sum = 1;
    assert_int_equal(lockorder_future_create(&future), 0);
    assert_int_equal(lockorder_future_add_callback(future, add_digit, &sum), 0);
    assert_int_equal(lockorder_future_add_callback(future, double_it, &sum), 0);
    assert_int_equal(lockorder_future_begin(future), 0);
    assert_int_equal(lockorder_future_begin(future), EALREADY);
    assert_int_equal(lockorder_future_complete(future, &numbers[5], 0), 0);
    assert_int_equal(sum, 30);
    assert_int_equal(lockorder_future_complete(future, NULL, EIO), EALREADY);
    assert_int_equal(lockorder_future_add_callback(future, double_it, &sum), 0);
    assert_int_equal(sum, 60);
    lockorder_future_release(future);
    lockorder_future_create(&future);
    lockorder_future_add_callback(future, double_it, &sum);
    lockorder_future_cancel(future);
    assert_int_equal(lockorder_future_begin(future), ECANCELED);
    assert_int_equal(sum, 120);
    lockorder_future_release(future);
    lockorder_future_create(&future);
    lockorder_future_add_callback(future, double_it, &sum);
    lockorder_future_release(future); /* never completed: nothing is called */
    assert_int_equal(sum, 120);
}

static void create_three(struct lockorder_future **futures)
{
    for (int i = 0; i < 3; i++)
        assert_int_equal(lockorder_future_create(&futures[i]), 0);
}

static void release_three(struct lockorder_future **futures)
{
    for (int i = 0; i < 3; i++)
        lockorder_future_release(futures[i]);
}

static void waiting_for_several(void **state)
{
    (void)state;
    struct lockorder_future *futures[3];
    struct lockorder_limit past = lockorder_limit_after(0);
    create_three(futures);
    assert_int_equal(lockorder_futures_wait(futures, 0, LOCKORDER_FIRST_COMPLETED, &past), 0);
    assert_int_equal(lockorder_futures_wait(futures, 3, LOCKORDER_FIRST_COMPLETED, &past), ETIMEDOUT);
    lockorder_future_complete(futures[1], NULL, 0);
    assert_int_equal(lockorder_futures_wait(futures, 3, LOCKORDER_FIRST_COMPLETED, &past), 0);
    assert_int_equal(lockorder_futures_wait(futures, 3, LOCKORDER_FIRST_ERROR, &past), ETIMEDOUT);
    lockorder_future_complete(futures[2], NULL, EIO);
    assert_int_equal(lockorder_futures_wait(futures, 3, LOCKORDER_FIRST_ERROR, &past), 0);
    assert_int_equal(lockorder_futures_wait(futures, 3, LOCKORDER_ALL_COMPLETED, &past), ETIMEDOUT);
    lockorder_future_complete(futures[0], NULL, 0);
    assert_int_equal(lockorder_futures_wait(futures, 3, LOCKORDER_ALL_COMPLETED, NULL), 0);
    release_three(futures);
}

static void futures_come_as_they_get_done(void **state)
{
    (void)state;
    const int order[] = {2, 0, 1};
    struct lockorder_future *futures[3], *future;
    struct lockorder_as_completed completed;
    struct lockorder_limit past = lockorder_limit_after(0);
    create_three(futures);
    lockorder_future_complete(futures[2], NULL, 0);
    assert_int_equal(lockorder_as_completed_init(&completed, futures, 3), 0);
    lockorder_future_complete(futures[0], NULL, EIO);
    for (int i = 0; i < 3; i++) {
        if (i == 2) {
            assert_int_equal(lockorder_as_completed_next(&completed, &future, &past), ETIMEDOUT);
            lockorder_future_cancel(futures[1]);
        }
        assert_int_equal(lockorder_as_completed_next(&completed, &future, NULL), 0);
        assert_ptr_equal(future, futures[order[i]]);
    }
    assert_int_equal(lockorder_as_completed_next(&completed, &future, NULL), ENOENT);
    lockorder_as_completed_destroy(&completed);
    release_three(futures);
}

static void *cancel_all(void *argument)
{
    struct lockorder_future **futures = argument;
    for (int i = 0; i < WORK; i++) {
        int error = lockorder_future_cancel(futures[i]);
        require(error == 0 || error == EBUSY || error == EALREADY);
    }
    return NULL;
}

static void cancelling_races_with_working(void **state)
{
    (void)state;
    struct lockorder_executor executor;
    lockorder_executor_init(&executor, 2, "executor");
    for (int round = 0; round < rounds(100); round++) {
        struct lockorder_future *futures[WORK], *future;
        struct lockorder_as_completed completed;
        int count = 0;
        lockorder_executor_map(&executor, halve, arguments, WORK, futures);
        pthread_t canceller = start(cancel_all, futures);
        lockorder_as_completed_init(&completed, futures, WORK);
        while (lockorder_as_completed_next(&completed, &future, NULL) == 0)
            count++;
        assert_int_equal(count, WORK);
        lockorder_as_completed_destroy(&completed);
        join(canceller);
        for (int i = 0; i < WORK; i++) {
            int error = lockorder_future_result(futures[i], NULL);
            assert_true(error == ECANCELED || error == (i % 2 ? EDOM : 0));
            lockorder_future_release(futures[i]);
        }
    }
    end(&executor);
}

int main(void)
{
    for (int i = 0; i < WORK; i++) {
        numbers[i] = i;
        arguments[i] = &numbers[i];
    }
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(results_and_errors_are_carried),
        cmocka_unit_test(only_what_has_not_begun_is_cancelled),
        cmocka_unit_test(a_shutdown_finishes_or_cancels),
        cmocka_unit_test(work_cannot_shut_its_executor_down),
        cmocka_unit_test(callbacks_come_once_and_in_order),
        cmocka_unit_test(waiting_for_several),
        cmocka_unit_test(futures_come_as_they_get_done),
        cmocka_unit_test(cancelling_races_with_working),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
