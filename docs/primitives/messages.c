#include <stdio.h>

#include <lockorder/lockorder.h>

enum { DEPOSIT, BALANCE };

static int deposit(void *balance, void *content, void **result)
{
    (void)result;
    *(long *)balance += *(long *)content;
    return 0;
}

static int tell_balance(void *balance, void *content, void **result)
{
    (void)content;
    *result = balance;
    return 0;
}

static const struct lockorder_handler handlers[] = {{DEPOSIT, deposit}, {BALANCE, tell_balance}};

static void run_account(struct lockorder_actor *actor, void *balance)
{
    lockorder_actor_dispatch(actor, handlers, 2, balance);
}

static void show(void *closure, void *message)
{
    printf("%s sees %s\n", (const char *)closure, (const char *)message);
}

int main(void)
{
    long balance = 0, amounts[] = {10, 32};
    struct lockorder_actor account;
    struct lockorder_future *reply;
    void *result;
    lockorder_actor_start(&account, run_account, &balance, "account");
    for (int i = 0; i < 2; i++)
        lockorder_actor_send(&account, DEPOSIT, &amounts[i]);
    lockorder_actor_ask(&account, BALANCE, NULL, &reply);
    lockorder_future_result(reply, &result);
    printf("balance: %ld\n", *(long *)result);
    lockorder_future_release(reply);
    lockorder_actor_close(&account);
    lockorder_actor_join(&account);

    struct lockorder_exchanges exchanges;
    struct lockorder_exchange *news;
    struct lockorder_subscription *first;
    lockorder_exchanges_init(&exchanges, "exchanges");
    lockorder_exchanges_get(&exchanges, "news", &news);
    lockorder_exchange_attach(news, show, "first", &first);
    {
        LOCKORDER_SCOPED_SUBSCRIPTION(second);
        lockorder_exchange_attach(news, show, "second", &second);
        lockorder_exchange_send(news, "rain");
    }
    lockorder_exchange_send(news, "sun");
    lockorder_subscription_detach(first);
    lockorder_exchanges_destroy(&exchanges);
    return 0;
}
