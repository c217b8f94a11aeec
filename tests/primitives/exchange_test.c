#include "primitive_test.h"

#include <lockorder/event.h>
#include <lockorder/exchange.h>

static void add_up(void *closure, void *message)
{
    *(int *)closure += *(int *)message;
}

static void all_who_are_attached_receive(void **state)
{
    (void)state;
    struct lockorder_exchanges exchanges;
    struct lockorder_exchange *prices, *news, *again;
    struct lockorder_subscription *subscriptions[2];
    int sums[2] = {0, 0}, one = 1, ten = 10;
    assert_int_equal(lockorder_exchanges_init(&exchanges, "exchanges"), 0);
    assert_int_equal(lockorder_exchanges_get(&exchanges, "prices", &prices), 0);
    assert_int_equal(lockorder_exchanges_get(&exchanges, "news", &news), 0);
    assert_int_equal(lockorder_exchanges_get(&exchanges, "prices", &again), 0);
    assert_ptr_equal(prices, again);
    assert_ptr_not_equal(prices, news);
    assert_int_equal(lockorder_exchange_send(prices, &one), 0);
    for (int i = 0; i < 2; i++)
        assert_int_equal(lockorder_exchange_attach(prices, add_up, &sums[i], &subscriptions[i]), 0);
    assert_int_equal(lockorder_exchange_send(prices, &one), 2);
    assert_int_equal(lockorder_exchange_send(news, &ten), 0);
    assert_int_equal(lockorder_exchanges_destroy(&exchanges), EBUSY);
    assert_int_equal(lockorder_subscription_detach(subscriptions[0]), 0);
    assert_int_equal(lockorder_exchange_send(prices, &ten), 1);
    assert_int_equal(sums[0], 1);
    assert_int_equal(sums[1], 11);
    assert_int_equal(lockorder_subscription_detach(subscriptions[1]), 0);
    assert_int_equal(lockorder_exchanges_destroy(&exchanges), 0);
}

static void a_scope_detaches(void **state)
{
    (void)state;
    struct lockorder_exchanges exchanges;
    struct lockorder_exchange *exchange;
    int sum = 0, one = 1;
    lockorder_exchanges_init(&exchanges, NULL);
    lockorder_exchanges_get(&exchanges, "key", &exchange);
    for (int i = 0; i < 3; i++) {
        LOCKORDER_SCOPED_SUBSCRIPTION(subscription);
        if (i == 1)
            continue; /* never attached */
        assert_int_equal(lockorder_exchange_attach(exchange, add_up, &sum, &subscription), 0);
        assert_int_equal(lockorder_exchange_send(exchange, &one), 1);
    }
    assert_int_equal(lockorder_exchange_send(exchange, &one), 0);
    assert_int_equal(sum, 2);
    assert_int_equal(lockorder_exchanges_destroy(&exchanges), 0);
}

/* A subscriber that changes the exchange while it is called. */
struct meddler {
    struct lockorder_exchange *exchange;
    struct lockorder_subscription *own, *next, *attached;
    int calls;
    int sum;
};

static void meddle(void *closure, void *message)
{
    struct meddler *meddler = closure;
    meddler->calls++;
    if (meddler->calls > 1)
        return;
    require(lockorder_exchange_attach(meddler->exchange, add_up, &meddler->sum, &meddler->attached) == 0);
    require(lockorder_subscription_detach(meddler->next) == 0);
    require(lockorder_exchange_send(meddler->exchange, message) == 2); /* itself and the one just attached */
    require(lockorder_subscription_detach(meddler->own) == EINPROGRESS);
}

static void subscribers_may_change_the_exchange(void **state)
{
    (void)state;
    struct lockorder_exchanges exchanges;
    struct meddler meddler = {.calls = 0};
    int one = 1;
    lockorder_exchanges_init(&exchanges, NULL);
    lockorder_exchanges_get(&exchanges, "key", &meddler.exchange);
    lockorder_exchange_attach(meddler.exchange, meddle, &meddler, &meddler.own);
    lockorder_exchange_attach(meddler.exchange, add_up, &meddler.sum, &meddler.next);
    assert_int_equal(lockorder_exchange_send(meddler.exchange, &one), 1);
    assert_int_equal(meddler.calls, 2);
    assert_int_equal(meddler.sum, 1);
    assert_int_equal(lockorder_exchange_send(meddler.exchange, &one), 1);
    assert_int_equal(meddler.sum, 2);
    assert_int_equal(lockorder_subscription_detach(meddler.attached), 0);
    assert_int_equal(lockorder_exchanges_destroy(&exchanges), 0);
}

struct slow {
    struct lockorder_exchange *exchange;
    struct lockorder_subscription *subscription;
    struct lockorder_event begun;
    struct lockorder_event go_on;
    bool ended;
};

static void be_slow(void *closure, void *message)
{
    struct slow *slow = closure;
    (void)message;
    lockorder_event_set(&slow->begun);
    lockorder_event_wait(&slow->go_on);
    slow->ended = true;
}

static void *send_to(void *closure)
{
    struct slow *slow = closure;
    lockorder_exchange_send(slow->exchange, NULL);
    return NULL;
}

static void *let_it_go_on(void *closure)
{
    struct slow *slow = closure;
    struct lockorder_limit limit = soon();
    lockorder_sleep(&limit); /* so that the detach most likely waits already */
    lockorder_event_set(&slow->go_on);
    return NULL;
}

static void a_detach_waits_for_a_call(void **state)
{
    (void)state;
    struct lockorder_exchanges exchanges;
    struct slow slow = {.ended = false};
    lockorder_exchanges_init(&exchanges, NULL);
    lockorder_exchanges_get(&exchanges, "key", &slow.exchange);
    lockorder_event_init(&slow.begun, NULL);
    lockorder_event_init(&slow.go_on, NULL);
    lockorder_exchange_attach(slow.exchange, be_slow, &slow, &slow.subscription);
    pthread_t sender = start(send_to, &slow);
    lockorder_event_wait(&slow.begun);
    pthread_t other = start(let_it_go_on, &slow);
    assert_int_equal(lockorder_subscription_detach(slow.subscription), 0);
    assert_true(slow.ended);
    join(sender);
    join(other);
    lockorder_event_destroy(&slow.begun);
    lockorder_event_destroy(&slow.go_on);
    assert_int_equal(lockorder_exchanges_destroy(&exchanges), 0);
}

static void count(void *closure, void *message)
{
    (void)message;
    __atomic_add_fetch((int *)closure, 1, __ATOMIC_RELAXED);
}

static void *attach_send_detach(void *argument)
{
    for (int i = 0; i < rounds(2000); i++) {
        int *calls = calloc(1, sizeof *calls);
        struct lockorder_subscription *subscription;
        require(lockorder_exchange_attach(argument, count, calls, &subscription) == 0);
        require(lockorder_exchange_send(argument, NULL) >= 1);
        require(lockorder_subscription_detach(subscription) == 0);
        require(*calls >= 1);
        free(calls); /* nobody calls any more: the sanitizers would see it */
    }
    return NULL;
}

static void sends_race_with_detaches(void **state)
{
    (void)state;
    struct lockorder_exchanges exchanges;
    struct lockorder_exchange *exchange;
    lockorder_exchanges_init(&exchanges, NULL);
    lockorder_exchanges_get(&exchanges, "key", &exchange);
    run_threads(4, attach_send_detach, exchange);
    assert_int_equal(lockorder_exchanges_destroy(&exchanges), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_who_are_attached_receive),
        cmocka_unit_test(a_scope_detaches),
        cmocka_unit_test(subscribers_may_change_the_exchange),
        cmocka_unit_test(a_detach_waits_for_a_call),
        cmocka_unit_test(sends_race_with_detaches),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
