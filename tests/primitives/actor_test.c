#include "primitive_test.h"

#include <lockorder/actor.h>

enum { DEPOSIT, BALANCE, FAIL, UNKNOWN };

static long amounts[] = {1, 10, 100};

struct account {
    long balance; /* the actor's alone */
};

static int deposit(void *state, void *content, void **result)
{
    struct account *account = state;
    (void)result;
    account->balance += *(long *)content;
    return 0;
}

static int balance(void *state, void *content, void **result)
{
    (void)content;
    *result = state;
    return 0;
}

static int refuse(void *state, void *content, void **result)
{
    (void)state, (void)content, (void)result;
    return EDOM;
}

static const struct lockorder_handler handlers[] = {{DEPOSIT, deposit}, {BALANCE, balance}, {FAIL, refuse}};

static void run_account(struct lockorder_actor *actor, void *account)
{
    require(lockorder_actor_join(actor) == EDEADLK);
    lockorder_actor_dispatch(actor, handlers, 3, account);
}

static int ask(struct lockorder_actor *actor, int tag, void **result)
{
    struct lockorder_future *reply;
    assert_int_equal(lockorder_actor_ask(actor, tag, NULL, &reply), 0);
    int error = lockorder_future_result(reply, result);
    lockorder_future_release(reply);
    return error;
}

static void messages_are_handled_by_their_tags(void **state)
{
    (void)state;
    struct account account = {.balance = 0};
    struct lockorder_actor actor;
    void *result = NULL;
    assert_int_equal(lockorder_actor_start(&actor, run_account, &account, "account"), 0);
    for (int i = 0; i < 3; i++)
        assert_int_equal(lockorder_actor_send(&actor, DEPOSIT, &amounts[i]), 0);
    assert_int_equal(lockorder_actor_send(&actor, UNKNOWN, NULL), 0);
    assert_int_equal(ask(&actor, BALANCE, &result), 0);
    assert_int_equal(((struct account *)result)->balance, 111);
    assert_int_equal(ask(&actor, FAIL, NULL), EDOM);
    assert_int_equal(ask(&actor, UNKNOWN, NULL), ENOSYS);
    lockorder_actor_close(&actor);
    assert_int_equal(lockorder_actor_send(&actor, DEPOSIT, &amounts[0]), EPIPE);
    assert_int_equal(lockorder_actor_join(&actor), 0);
}

static void a_close_drains(void **state)
{
    (void)state;
    struct account account = {.balance = 0};
    struct lockorder_actor actor;
    struct lockorder_future *reply;
    lockorder_actor_start(&actor, run_account, &account, "account");
    for (int i = 0; i < 1000; i++)
        lockorder_actor_send(&actor, DEPOSIT, &amounts[0]);
    lockorder_actor_ask(&actor, BALANCE, NULL, &reply);
    lockorder_actor_close(&actor);
    assert_int_equal(lockorder_actor_join(&actor), 0);
    assert_int_equal(account.balance, 1000);
    assert_true(lockorder_future_is_done(reply));
    lockorder_future_release(reply);
}

/* Receives one message, and goes. */
static void run_once(struct lockorder_actor *actor, void *received)
{
    struct lockorder_limit limit = far();
    struct lockorder_message message;
    require(lockorder_actor_receive_within(actor, &message, &limit) == 0);
    *(int *)received = message.tag;
    lockorder_message_reply(&message, NULL, 0);
    lockorder_message_reply(&message, NULL, EIO); /* the second answer is none */
}

static void what_an_actor_leaves_is_answered(void **state)
{
    (void)state;
    struct lockorder_actor actor;
    struct lockorder_future *replies[3];
    int received = -1;
    lockorder_actor_start(&actor, run_once, &received, NULL);
    for (int i = 0; i < 3; i++)
        assert_int_equal(lockorder_actor_ask(&actor, i, NULL, &replies[i]), 0);
    assert_int_equal(lockorder_future_result(replies[0], NULL), 0);
    assert_int_equal(lockorder_actor_join(&actor), 0);
    assert_int_equal(received, 0);
    for (int i = 0; i < 3; i++) {
        assert_int_equal(lockorder_future_result(replies[i], NULL), i == 0 ? 0 : ECANCELED);
        lockorder_future_release(replies[i]);
    }
}

enum { SENDERS = 4, MESSAGES = 2000 };

static int serial[SENDERS][MESSAGES];
static int next_sender;

static void *send_many(void *actor)
{
    int sender = __atomic_fetch_add(&next_sender, 1, __ATOMIC_RELAXED);
    for (int i = 0; i < rounds(MESSAGES); i++) {
        serial[sender][i] = i;
        require(lockorder_actor_send(actor, sender, &serial[sender][i]) == 0);
    }
    return NULL;
}

static void check_order(struct lockorder_actor *actor, void *state)
{
    int *next = state;
    struct lockorder_message message;
    while (lockorder_actor_receive(actor, &message) == 0) {
        require(*(int *)message.content == next[message.tag]);
        next[message.tag]++;
    }
}

static void each_senders_order_is_kept(void **state)
{
    (void)state;
    struct lockorder_actor actor;
    int next[SENDERS] = {0};
    lockorder_actor_start(&actor, check_order, next, "ordered");
    run_threads(SENDERS, send_many, &actor);
    lockorder_actor_close(&actor);
    assert_int_equal(lockorder_actor_join(&actor), 0);
    for (int i = 0; i < SENDERS; i++)
        assert_int_equal(next[i], rounds(MESSAGES));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(messages_are_handled_by_their_tags),
        cmocka_unit_test(a_close_drains),
        cmocka_unit_test(what_an_actor_leaves_is_answered),
        cmocka_unit_test(each_senders_order_is_kept),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
