#include "primitive_test.h"

#include <lockorder/banker.h>

/* The instance of the textbooks (Silberschatz, Galvin, Gagne: "Operating System Concepts"): five processes, three kinds. */
static const unsigned total[] = {10, 5, 7};
static const unsigned maximum[5][3] = {{7, 5, 3}, {3, 2, 2}, {9, 0, 2}, {2, 2, 2}, {4, 3, 3}};
static const unsigned allocated[5][3] = {{0, 1, 0}, {2, 0, 0}, {3, 0, 2}, {2, 1, 1}, {0, 0, 2}};
static const unsigned available[] = {3, 3, 2};

static void the_state_of_the_textbooks_is_safe(void **state)
{
    (void)state;
    size_t order[5];
    unsigned free_amounts[3] = {3, 3, 2};
    assert_int_equal(lockorder_banker_check(5, 3, available, maximum[0], allocated[0], order), 0);
    /* Any order that it finds must be one in which all can finish. */
    for (int i = 0; i < 5; i++) {
        for (int kind = 0; kind < 3; kind++) {
            assert_true(maximum[order[i]][kind] - allocated[order[i]][kind] <= free_amounts[kind]);
            free_amounts[kind] += allocated[order[i]][kind];
        }
    }
    for (int kind = 0; kind < 3; kind++)
        assert_int_equal(free_amounts[kind], total[kind]);
}

static void unsafe_and_impossible_states_are_told(void **state)
{
    (void)state;
    const unsigned none[] = {0, 0, 0}, large[] = {8, 5, 3};
    assert_int_equal(lockorder_banker_check(5, 3, none, maximum[0], allocated[0], NULL), EDEADLK);
    assert_int_equal(lockorder_banker_check(1, 3, available, maximum[0], large, NULL), EINVAL);
    assert_int_equal(lockorder_banker_check(0, 3, available, NULL, NULL, NULL), 0);
}

static void open_bank(struct lockorder_banker *banker, size_t *customers)
{
    assert_int_equal(lockorder_banker_init(banker, 3, total, "bank"), 0);
    for (int i = 0; i < 5; i++) {
        assert_int_equal(lockorder_banker_declare(banker, maximum[i], &customers[i]), 0);
        assert_int_equal(lockorder_banker_request(banker, customers[i], allocated[i]), 0);
    }
}

static void close_bank(struct lockorder_banker *banker, const size_t *customers)
{
    assert_int_equal(lockorder_banker_destroy(banker), EBUSY);
    for (int i = 0; i < 5; i++) {
        assert_int_equal(lockorder_banker_leave(banker, customers[i]), EBUSY);
        assert_int_equal(lockorder_banker_release(banker, customers[i], allocated[i]), 0);
        assert_int_equal(lockorder_banker_leave(banker, customers[i]), 0);
        assert_int_equal(lockorder_banker_leave(banker, customers[i]), EINVAL);
    }
    assert_int_equal(lockorder_banker_destroy(banker), 0);
}

/* Process 1 asks for (1, 0, 2): granted. Then 4 for (3, 3, 0): not enough; 0 for (0, 2, 0): enough, but not safe. */
static void the_requests_of_the_textbooks(void **state)
{
    (void)state;
    struct lockorder_banker banker;
    size_t customers[5];
    const unsigned first[] = {1, 0, 2}, second[] = {3, 3, 0}, third[] = {0, 2, 0};
    struct lockorder_limit limit = soon();
    open_bank(&banker, customers);
    assert_int_equal(lockorder_banker_try_request(&banker, customers[1], first), 0);
    assert_int_equal(lockorder_banker_try_request(&banker, customers[4], second), EAGAIN);
    assert_int_equal(lockorder_banker_try_request(&banker, customers[0], third), EAGAIN);
    assert_int_equal(lockorder_banker_request_within(&banker, customers[0], third, &limit), ETIMEDOUT);
    assert_int_equal(lockorder_banker_release(&banker, customers[1], first), 0);
    close_bank(&banker, customers);
}

static void what_was_not_declared_is_refused(void **state)
{
    (void)state;
    struct lockorder_banker banker;
    size_t customers[5], another;
    const unsigned too_much[] = {0, 5, 0}, more_than_there_is[] = {11, 0, 0}, nothing[] = {0, 0, 0};
    open_bank(&banker, customers);
    assert_int_equal(lockorder_banker_request(&banker, customers[0], too_much), EINVAL);
    assert_int_equal(lockorder_banker_release(&banker, customers[0], too_much), EINVAL);
    assert_int_equal(lockorder_banker_declare(&banker, more_than_there_is, &another), EINVAL);
    assert_int_equal(lockorder_banker_request(&banker, 99, nothing), EINVAL);
    close_bank(&banker, customers);
}

struct pending {
    struct lockorder_banker banker;
    size_t customers[2];
    int granted;
};

static void *request_all(void *argument)
{
    struct pending *pending = argument;
    const unsigned all[] = {3};
    require(lockorder_banker_request(&pending->banker, pending->customers[1], all) == 0);
    pending->granted = 1;
    return NULL;
}

static unsigned waiting(struct lockorder_banker *banker)
{
    pthread_mutex_lock(&banker->mutex);
    unsigned length = banker->waiting.length;
    pthread_mutex_unlock(&banker->mutex);
    return length;
}

static void a_request_waits_for_a_release(void **state)
{
    (void)state;
    struct pending pending = {.granted = 0};
    const unsigned three[] = {3}, one[] = {1};
    lockorder_banker_init(&pending.banker, 1, three, "bank");
    lockorder_banker_declare(&pending.banker, three, &pending.customers[0]);
    lockorder_banker_declare(&pending.banker, three, &pending.customers[1]);
    lockorder_banker_request(&pending.banker, pending.customers[0], one);
    pthread_t thread = start(request_all, &pending);
    require_soon(waiting(&pending.banker) == 1);
    assert_int_equal(lockorder_banker_leave(&pending.banker, pending.customers[1]), EBUSY);
    /* Not safe to have one more each: only the first can finish. */
    assert_int_equal(lockorder_banker_try_request(&pending.banker, pending.customers[1], one), EAGAIN);
    assert_int_equal(lockorder_banker_try_request(&pending.banker, pending.customers[0], one), 0);
    for (int i = 0; i < 2; i++)
        assert_int_equal(lockorder_banker_release(&pending.banker, pending.customers[0], one), 0);
    join(thread);
    assert_int_equal(pending.granted, 1);
    lockorder_banker_release(&pending.banker, pending.customers[1], three);
    lockorder_banker_leave(&pending.banker, pending.customers[0]);
    lockorder_banker_leave(&pending.banker, pending.customers[1]);
    assert_int_equal(lockorder_banker_destroy(&pending.banker), 0);
}

/* Each takes piece by piece what it declared, which would deadlock soon without the banker. */
static void *take_piece_by_piece(void *argument)
{
    struct lockorder_banker *banker = argument;
    static unsigned next;
    unsigned seed = __atomic_fetch_add(&next, 1, __ATOMIC_RELAXED);
    for (int i = 0; i < rounds(500); i++) {
        const unsigned most[] = {2 + (seed + (unsigned)i) % 2, 1 + (unsigned)i % 3}, first[] = {1, 0}, second[] = {0, 1};
        unsigned had[] = {1, 1};
        size_t customer;
        require(lockorder_banker_declare(banker, most, &customer) == 0);
        bool begins = (seed + (unsigned)i) % 2;
        require(lockorder_banker_request(banker, customer, begins ? first : second) == 0);
        require(lockorder_banker_request(banker, customer, begins ? second : first) == 0);
        require(lockorder_banker_request(banker, customer, first) == 0);
        had[0]++;
        require(lockorder_banker_release(banker, customer, had) == 0);
        require(lockorder_banker_leave(banker, customer) == 0);
    }
    return NULL;
}

static void customers_never_deadlock(void **state)
{
    (void)state;
    struct lockorder_banker banker;
    const unsigned there_are[] = {3, 3};
    lockorder_banker_init(&banker, 2, there_are, "bank");
    run_threads(4, take_piece_by_piece, &banker);
    assert_memory_equal(banker.available, there_are, sizeof there_are);
    assert_int_equal(lockorder_banker_destroy(&banker), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_state_of_the_textbooks_is_safe),
        cmocka_unit_test(unsafe_and_impossible_states_are_told),
        cmocka_unit_test(the_requests_of_the_textbooks),
        cmocka_unit_test(what_was_not_declared_is_refused),
        cmocka_unit_test(a_request_waits_for_a_release),
        cmocka_unit_test(customers_never_deadlock),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
