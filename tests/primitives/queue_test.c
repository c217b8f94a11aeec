#include "primitive_test.h"

#include <lockorder/queue.h>

static int numbers[100000];

static void *number(int i)
{
    return &numbers[i];
}

static int value(const void *item)
{
    return (int)((const int *)item - numbers);
}

/* Gets without waiting; -1: there is nothing. */
static int next(struct lockorder_queue *queue)
{
    void *item;
    return lockorder_queue_try_get(queue, &item) == 0 ? value(item) : -1;
}

static void put_all(struct lockorder_queue *queue, int count)
{
    for (int i = 0; i < count; i++)
        assert_int_equal(lockorder_queue_put(queue, number(i)), 0);
}

static void first_in_first_out(void **state)
{
    (void)state;
    const enum lockorder_queue_kind kinds[] = {LOCKORDER_FIFO, LOCKORDER_SIMPLE};
    for (int k = 0; k < 2; k++) {
        struct lockorder_queue queue;
        assert_int_equal(lockorder_queue_init(&queue, kinds[k], LOCKORDER_UNBOUNDED, "numbers"), 0);
        /* Grows while the ring is wrapped around. */
        put_all(&queue, 10);
        for (int i = 0; i < 7; i++)
            assert_int_equal(next(&queue), i);
        put_all(&queue, 50);
        for (int i = 7; i < 10; i++)
            assert_int_equal(next(&queue), i);
        for (int i = 0; i < 50; i++)
            assert_int_equal(next(&queue), i);
        assert_int_equal(next(&queue), -1);
        assert_true(lockorder_queue_is_empty(&queue));
        assert_int_equal(lockorder_queue_destroy(&queue), 0);
    }
}

static void last_in_first_out(void **state)
{
    (void)state;
    struct lockorder_queue queue;
    lockorder_queue_init(&queue, LOCKORDER_LIFO, LOCKORDER_UNBOUNDED, "numbers");
    put_all(&queue, 40);
    for (int i = 39; i >= 0; i--)
        assert_int_equal(next(&queue), i);
    assert_int_equal(lockorder_queue_destroy(&queue), 0);
}

static int by_tens(const void *item, const void *other)
{
    return value(item) / 10 - value(other) / 10;
}

/* Against the simplest model: the least of all that are there, the first put of equal ones. */
static void the_least_first_and_equal_ones_in_turn(void **state)
{
    (void)state;
    struct lockorder_queue queue;
    int model[300], size = 0;
    unsigned random = 12345;
    lockorder_queue_init_priority(&queue, by_tens, LOCKORDER_UNBOUNDED, "numbers");
    for (int step = 0; step < 20000; step++) {
        random = random * 1103515245 + 12345;
        if (size < 300 && (size == 0 || random >> 30 > 0)) {
            model[size] = (int)(random >> 16 & 127);
            lockorder_queue_put(&queue, number(model[size++]));
        } else {
            int least = 0;
            for (int i = 1; i < size; i++)
                if (model[i] / 10 < model[least] / 10)
                    least = i;
            assert_int_equal(next(&queue), model[least]);
            size--;
            for (int i = least; i < size; i++)
                model[i] = model[i + 1];
        }
    }
    assert_int_equal(lockorder_queue_destroy(&queue), 0);
}

static void a_bounded_queue_gets_full(void **state)
{
    (void)state;
    struct lockorder_queue queue;
    struct lockorder_limit limit = soon();
    void *item;
    assert_int_equal(lockorder_queue_init(&queue, LOCKORDER_SIMPLE, 2, NULL), EINVAL);
    assert_int_equal(lockorder_queue_init(&queue, LOCKORDER_FIFO, 2, "numbers"), 0);
    assert_int_equal(lockorder_queue_try_get(&queue, &item), EAGAIN);
    assert_int_equal(lockorder_queue_get_within(&queue, &item, &limit), ETIMEDOUT);
    assert_int_equal(lockorder_queue_put_within(&queue, number(1), &limit), 0);
    assert_int_equal(lockorder_queue_try_put(&queue, number(2)), 0);
    assert_true(lockorder_queue_is_full(&queue));
    assert_int_equal(lockorder_queue_try_put(&queue, number(3)), EAGAIN);
    assert_int_equal(lockorder_queue_put_within(&queue, number(3), &limit), ETIMEDOUT);
    assert_int_equal(lockorder_queue_size(&queue), 2);
    assert_int_equal(lockorder_queue_get(&queue, &item), 0);
    assert_int_equal(value(item), 1);
    assert_int_equal(lockorder_queue_destroy(&queue), 0);
}

static void tasks_are_counted(void **state)
{
    (void)state;
    struct lockorder_queue queue, simple;
    struct lockorder_limit limit = soon();
    lockorder_queue_init(&queue, LOCKORDER_FIFO, LOCKORDER_UNBOUNDED, "numbers");
    assert_int_equal(lockorder_queue_join(&queue), 0);
    assert_int_equal(lockorder_queue_task_done(&queue), EPERM);
    put_all(&queue, 2);
    next(&queue);
    next(&queue);
    assert_int_equal(lockorder_queue_task_done(&queue), 0);
    assert_int_equal(lockorder_queue_join_within(&queue, &limit), ETIMEDOUT);
    assert_int_equal(lockorder_queue_task_done(&queue), 0);
    assert_int_equal(lockorder_queue_join(&queue), 0);
    assert_int_equal(lockorder_queue_task_done(&queue), EPERM);
    assert_int_equal(lockorder_queue_destroy(&queue), 0);
    lockorder_queue_init(&simple, LOCKORDER_SIMPLE, LOCKORDER_UNBOUNDED, NULL);
    assert_int_equal(lockorder_queue_task_done(&simple), ENOTSUP);
    assert_int_equal(lockorder_queue_join(&simple), ENOTSUP);
    assert_int_equal(lockorder_queue_destroy(&simple), 0);
}

struct shared {
    struct lockorder_queue queue;
    struct lockorder_stop stop;
    int seen[100000];
    int next_producer;
    int per_producer;
    int errors[4]; /* by what blocked calls returned */
    int calls;
};

static struct shared shared; /* too large for a stack */

static unsigned blocked(struct lockorder_wait_list *list)
{
    pthread_mutex_lock(&shared.queue.mutex);
    unsigned length = list->length;
    pthread_mutex_unlock(&shared.queue.mutex);
    return length;
}

static void note(int error)
{
    shared.errors[__atomic_fetch_add(&shared.calls, 1, __ATOMIC_RELAXED)] = error;
}

static void join_all(pthread_t *threads, int expected_error)
{
    for (int i = 0; i < 3; i++)
        join(threads[i]);
    for (int i = 0; i < 3; i++)
        assert_int_equal(shared.errors[i], expected_error);
}

static void *get_one(void *argument)
{
    void *item;
    note(lockorder_queue_get_within(&shared.queue, &item, argument));
    return NULL;
}

static void *put_one(void *argument)
{
    note(lockorder_queue_put_within(&shared.queue, number(9), argument));
    return NULL;
}

static void closing_wakes_all_and_keeps_what_is_there(void **state)
{
    (void)state;
    void *item;
    pthread_t threads[3];
    shared.calls = 0;
    lockorder_queue_init(&shared.queue, LOCKORDER_FIFO, 1, "numbers");
    lockorder_queue_put(&shared.queue, number(5));
    for (int i = 0; i < 3; i++)
        threads[i] = start(put_one, NULL);
    require_soon(blocked(&shared.queue.putters) == 3);
    assert_int_equal(lockorder_queue_destroy(&shared.queue), EBUSY);
    lockorder_queue_close(&shared.queue);
    join_all(threads, EPIPE);
    assert_true(lockorder_queue_is_closed(&shared.queue));
    assert_int_equal(lockorder_queue_put(&shared.queue, number(6)), EPIPE);
    assert_int_equal(lockorder_queue_try_put(&shared.queue, number(6)), EPIPE);
    assert_int_equal(lockorder_queue_get(&shared.queue, &item), 0);
    assert_int_equal(value(item), 5);
    assert_int_equal(lockorder_queue_get(&shared.queue, &item), EPIPE);
    assert_int_equal(lockorder_queue_try_get(&shared.queue, &item), EPIPE);
    assert_int_equal(lockorder_queue_destroy(&shared.queue), 0);
}

static void getters_wake_when_it_is_closed_or_they_are_stopped(void **state)
{
    (void)state;
    lockorder_stop_init(&shared.stop);
    struct lockorder_limit until_stopped = lockorder_limit_stop(&shared.stop);
    struct lockorder_limit *limits[] = {NULL, &until_stopped};
    const int errors[] = {EPIPE, ECANCELED};
    for (int way = 0; way < 2; way++) {
        pthread_t threads[3];
        shared.calls = 0;
        lockorder_queue_init(&shared.queue, LOCKORDER_FIFO, LOCKORDER_UNBOUNDED, "numbers");
        for (int i = 0; i < 3; i++)
            threads[i] = start(get_one, limits[way]);
        require_soon(blocked(&shared.queue.getters) == 3);
        assert_int_equal(lockorder_queue_destroy(&shared.queue), EBUSY);
        if (way == 0)
            lockorder_queue_close(&shared.queue);
        else
            lockorder_stop_request(&shared.stop);
        join_all(threads, errors[way]);
        assert_int_equal(lockorder_queue_destroy(&shared.queue), 0);
    }
    lockorder_stop_destroy(&shared.stop);
}

static void *produce(void *argument)
{
    (void)argument;
    int producer = __atomic_fetch_add(&shared.next_producer, 1, __ATOMIC_RELAXED);
    for (int i = 0; i < shared.per_producer; i++) {
        void *item = number(producer * shared.per_producer + i);
        struct lockorder_limit limit = lockorder_limit_after(40 * LOCKORDER_MICROSECOND);
        int error;
        while ((error = lockorder_queue_put_within(&shared.queue, item, i % 2 ? &limit : NULL)) == ETIMEDOUT)
            limit = lockorder_limit_after(40 * LOCKORDER_MICROSECOND);
        require(error == 0);
    }
    return NULL;
}

static void *consume(void *argument)
{
    (void)argument;
    int last[4] = {-1, -1, -1, -1};
    for (int i = 0;; i++) {
        void *item;
        struct lockorder_limit limit = lockorder_limit_after(40 * LOCKORDER_MICROSECOND);
        int error = lockorder_queue_get_within(&shared.queue, &item, i % 3 ? &limit : NULL);
        if (error == EPIPE)
            return NULL;
        if (error == ETIMEDOUT)
            continue;
        require(error == 0);
        __atomic_fetch_add(&shared.seen[value(item)], 1, __ATOMIC_RELAXED);
        int producer = value(item) / shared.per_producer;
        require(shared.queue.kind == LOCKORDER_LIFO || value(item) > last[producer]);
        last[producer] = value(item);
        require(lockorder_queue_task_done(&shared.queue) == 0);
    }
}

/* All items arrive, each once, and for each consumer in the order of each producer. */
static void all_arrive(enum lockorder_queue_kind kind, size_t capacity, int producers, int consumers)
{
    pthread_t consuming[4];
    shared.next_producer = 0;
    shared.per_producer = rounds(2000);
    for (int i = 0; i < producers * shared.per_producer; i++)
        shared.seen[i] = 0;
    lockorder_queue_init(&shared.queue, kind, capacity, "numbers");
    for (int i = 0; i < consumers; i++)
        consuming[i] = start(consume, NULL);
    run_threads(producers, produce, NULL);
    assert_int_equal(lockorder_queue_join(&shared.queue), 0);
    lockorder_queue_close(&shared.queue);
    for (int i = 0; i < consumers; i++)
        join(consuming[i]);
    for (int i = 0; i < producers * shared.per_producer; i++)
        assert_int_equal(shared.seen[i], 1);
    assert_int_equal(lockorder_queue_destroy(&shared.queue), 0);
}

static void nothing_is_lost_or_doubled(void **state)
{
    (void)state;
    all_arrive(LOCKORDER_FIFO, 1, 1, 1);
    all_arrive(LOCKORDER_FIFO, 3, 4, 4);
    all_arrive(LOCKORDER_FIFO, LOCKORDER_UNBOUNDED, 4, 2);
    all_arrive(LOCKORDER_LIFO, 8, 2, 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(first_in_first_out),
        cmocka_unit_test(last_in_first_out),
        cmocka_unit_test(the_least_first_and_equal_ones_in_turn),
        cmocka_unit_test(a_bounded_queue_gets_full),
        cmocka_unit_test(tasks_are_counted),
        cmocka_unit_test(closing_wakes_all_and_keeps_what_is_there),
        cmocka_unit_test(getters_wake_when_it_is_closed_or_they_are_stopped),
        cmocka_unit_test(nothing_is_lost_or_doubled),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
