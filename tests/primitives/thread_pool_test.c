#include "primitive_test.h"

#include <lockorder/event.h>
#include <lockorder/thread_pool.h>

enum { TASKS = 500 };

struct tally {
    struct lockorder_thread_pool pool;
    struct lockorder_event begun;
    struct lockorder_event go_on;
    int worked;
    int done;
    int failed;
    int last_error;
    struct lockorder_event answered;
};

static void setup(struct tally *tally, unsigned threads)
{
    *tally = (struct tally){.worked = 0};
    assert_int_equal(lockorder_thread_pool_init(&tally->pool, threads, "pool"), 0);
    lockorder_event_init(&tally->begun, NULL);
    lockorder_event_init(&tally->go_on, NULL);
    lockorder_event_init(&tally->answered, NULL);
}

static void end(struct tally *tally, enum lockorder_queued queued)
{
    lockorder_thread_pool_close(&tally->pool, queued);
    assert_int_equal(lockorder_thread_pool_join(&tally->pool), 0);
    assert_int_equal(lockorder_thread_pool_destroy(&tally->pool), 0);
    lockorder_event_destroy(&tally->begun);
    lockorder_event_destroy(&tally->go_on);
    lockorder_event_destroy(&tally->answered);
}

static int count_work(void *argument, void **result)
{
    struct tally *tally = argument;
    *result = tally;
    return __atomic_add_fetch(&tally->worked, 1, __ATOMIC_RELAXED) % 10 == 0 ? EIO : 0;
}

static int wait_in_task(void *argument, void **result)
{
    struct tally *tally = argument;
    (void)result;
    lockorder_event_set(&tally->begun);
    lockorder_event_wait(&tally->go_on);
    return 0;
}

static void count_done(void *closure, void *result)
{
    struct tally *tally = closure;
    require(result == closure || result == NULL);
    __atomic_add_fetch(&tally->done, 1, __ATOMIC_RELAXED);
}

static void count_failed(void *closure, int error)
{
    struct tally *tally = closure;
    require(error == EIO || error == ECANCELED);
    __atomic_add_fetch(&tally->failed, 1, __ATOMIC_RELAXED);
}

static void give(struct tally *tally, lockorder_work work, int count)
{
    struct lockorder_callbacks callbacks = {count_done, count_failed, tally};
    for (int i = 0; i < count; i++)
        assert_int_equal(lockorder_thread_pool_apply_async(&tally->pool, work, tally, &callbacks), 0);
}

static void every_task_is_answered_once(void **state)
{
    (void)state;
    struct tally tally;
    setup(&tally, 0);
    give(&tally, count_work, TASKS);
    assert_int_equal(lockorder_thread_pool_join(&tally.pool), EBUSY);
    assert_int_equal(lockorder_thread_pool_destroy(&tally.pool), EBUSY);
    end(&tally, LOCKORDER_FINISH_QUEUED);
    assert_int_equal(tally.worked, TASKS);
    assert_int_equal(tally.done, TASKS - TASKS / 10);
    assert_int_equal(tally.failed, TASKS / 10);
}

static void queued_tasks_can_be_cancelled(void **state)
{
    (void)state;
    struct tally tally;
    setup(&tally, 1);
    give(&tally, wait_in_task, 1);
    lockorder_event_wait(&tally.begun);
    give(&tally, count_work, 20);
    lockorder_thread_pool_close(&tally.pool, LOCKORDER_FINISH_QUEUED);
    assert_int_equal(lockorder_thread_pool_apply_async(&tally.pool, count_work, &tally, NULL), EPIPE);
    assert_int_equal(tally.failed, 0);
    lockorder_thread_pool_close(&tally.pool, LOCKORDER_CANCEL_QUEUED);
    assert_int_equal(tally.failed, 20);
    lockorder_event_set(&tally.go_on);
    end(&tally, LOCKORDER_CANCEL_QUEUED);
    assert_int_equal(tally.worked, 0);
    assert_int_equal(tally.done, 1);
}

static int square(void *argument, void **result)
{
    static int squares[TASKS];
    int number = *(int *)argument;
    squares[number] = number * number;
    *result = &squares[number];
    return number == 300 ? EIO : number == 200 ? ERANGE : 0;
}

static void fill(int *numbers, void **arguments, int count)
{
    for (int i = 0; i < count; i++) {
        numbers[i] = i;
        arguments[i] = &numbers[i];
    }
}

static void map_keeps_the_order_and_tells_the_first_error(void **state)
{
    (void)state;
    int numbers[TASKS];
    void *arguments[TASKS], *results[TASKS] = {NULL};
    struct tally tally;
    setup(&tally, 3);
    fill(numbers, arguments, TASKS);
    assert_int_equal(lockorder_thread_pool_map(&tally.pool, square, arguments, TASKS, results), ERANGE);
    for (int i = 0; i < TASKS; i++)
        if (i != 200 && i != 300)
            assert_int_equal(*(int *)results[i], i * i);
    assert_int_equal(lockorder_thread_pool_map(&tally.pool, square, arguments, 100, results), 0);
    assert_int_equal(lockorder_thread_pool_map(&tally.pool, square, arguments, 0, results), 0);
    end(&tally, LOCKORDER_FINISH_QUEUED);
}

static void answered(void *closure, int error)
{
    struct tally *tally = closure;
    tally->last_error = error;
    lockorder_event_set(&tally->answered);
}

static void map_async_answers_when_all_are_done(void **state)
{
    (void)state;
    int numbers[50];
    void *arguments[50], *results[50];
    struct tally tally;
    setup(&tally, 1);
    fill(numbers, arguments, 50);
    give(&tally, wait_in_task, 1);
    assert_int_equal(lockorder_thread_pool_map_async(&tally.pool, square, arguments, 50, results, answered, &tally), 0);
    assert_false(lockorder_event_is_set(&tally.answered));
    lockorder_event_set(&tally.go_on);
    lockorder_event_wait(&tally.answered);
    assert_int_equal(tally.last_error, 0);
    lockorder_event_clear(&tally.answered);
    lockorder_event_clear(&tally.go_on);
    lockorder_event_clear(&tally.begun);
    give(&tally, wait_in_task, 1);
    lockorder_event_wait(&tally.begun);
    assert_int_equal(lockorder_thread_pool_map_async(&tally.pool, square, arguments, 50, results, answered, &tally), 0);
    lockorder_thread_pool_close(&tally.pool, LOCKORDER_CANCEL_QUEUED);
    lockorder_event_wait(&tally.answered);
    assert_int_equal(tally.last_error, ECANCELED);
    assert_int_equal(lockorder_thread_pool_map_async(&tally.pool, square, arguments, 50, results, answered, &tally), EPIPE);
    assert_int_equal(lockorder_thread_pool_map(&tally.pool, square, arguments, 50, results), EPIPE);
    lockorder_event_set(&tally.go_on);
    end(&tally, LOCKORDER_FINISH_QUEUED);
}

static int wait_for_own_pool(void *argument, void **result)
{
    struct tally *tally = argument;
    (void)result;
    require(lockorder_thread_pool_join(&tally->pool) == EDEADLK);
    require(lockorder_thread_pool_map(&tally->pool, square, NULL, 0, NULL) == EDEADLK);
    return 0;
}

static void a_task_cannot_wait_for_its_pool(void **state)
{
    (void)state;
    struct tally tally;
    setup(&tally, 2);
    give(&tally, wait_for_own_pool, 1);
    end(&tally, LOCKORDER_FINISH_QUEUED);
    assert_int_equal(tally.done, 1);
}

static void *give_until_closed(void *argument)
{
    struct tally *tally = argument;
    struct lockorder_callbacks callbacks = {count_done, count_failed, tally};
    while (lockorder_thread_pool_apply_async(&tally->pool, count_work, tally, &callbacks) == 0)
        __atomic_add_fetch(&tally->last_error, 1, __ATOMIC_RELAXED); /* here: tasks that were accepted */
    return NULL;
}

static void nothing_is_lost_at_a_close(void **state)
{
    (void)state;
    for (int round = 0; round < rounds(40); round++) {
        struct tally tally;
        setup(&tally, 2);
        pthread_t givers[2] = {start(give_until_closed, &tally), start(give_until_closed, &tally)};
        require_soon(__atomic_load_n(&tally.worked, __ATOMIC_RELAXED) > 0);
        lockorder_thread_pool_close(&tally.pool, round % 2 ? LOCKORDER_FINISH_QUEUED : LOCKORDER_CANCEL_QUEUED);
        join(givers[0]);
        join(givers[1]);
        int accepted = tally.last_error;
        end(&tally, LOCKORDER_FINISH_QUEUED);
        assert_int_equal(tally.done + tally.failed, accepted);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_task_is_answered_once),
        cmocka_unit_test(queued_tasks_can_be_cancelled),
        cmocka_unit_test(map_keeps_the_order_and_tells_the_first_error),
        cmocka_unit_test(map_async_answers_when_all_are_done),
        cmocka_unit_test(a_task_cannot_wait_for_its_pool),
        cmocka_unit_test(nothing_is_lost_at_a_close),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
