/* The bank without a lock in sight: each account is an actor, which alone touches its balance, and is told to deposit and to
 * withdraw by messages. A transfer asks the one, waits for its answer, and tells the other: it holds nothing while it waits. No
 * amount of transfers in any direction can deadlock. Messages have tags, and each tag its handler.
 *
 *     build/release/samples/library/actors */
/* EXPECT nothing: nobody holds anything */
#include <errno.h>
#include <stdint.h>

#include <lockorder/lockorder.h>

#include "crew.h"

enum { DEPOSIT, WITHDRAW, BALANCE };
enum { TELLERS = 4, TRANSFERS = 50 };

static struct account {
    struct lockorder_actor actor;
    intptr_t balance; /* the actor's alone */
} accounts[2];

static int deposit(void *state, void *content, void **result)
{
    struct account *account = state;
    account->balance += (intptr_t)content;
    *result = NULL;
    return 0;
}

static int withdraw(void *state, void *content, void **result)
{
    struct account *account = state;
    if (account->balance < (intptr_t)content)
        return ERANGE;
    account->balance -= (intptr_t)content;
    *result = NULL;
    return 0;
}

static int tell_balance(void *state, void *content, void **result)
{
    struct account *account = state;
    (void)content;
    *result = (void *)account->balance;
    return 0;
}

static void run_account(struct lockorder_actor *actor, void *account)
{
    static const struct lockorder_handler handlers[] = {{DEPOSIT, deposit}, {WITHDRAW, withdraw}, {BALANCE, tell_balance}};
    lockorder_actor_dispatch(actor, handlers, 3, account);
}

static int ask(struct account *account, int tag, intptr_t amount, void **result)
{
    struct lockorder_future *reply;
    int error = lockorder_actor_ask(&account->actor, tag, (void *)amount, &reply);
    if (error != 0)
        return error;
    error = lockorder_future_result(reply, result);
    lockorder_future_release(reply);
    return error;
}

static void transfer(struct account *from, struct account *to, intptr_t amount)
{
    if (ask(from, WITHDRAW, amount, NULL) == 0)
        lockorder_actor_send(&to->actor, DEPOSIT, (void *)amount);
}

static void *serve(void *unused)
{
    for (int i = 0; i < TRANSFERS; i++)
        transfer(&accounts[i % 2], &accounts[(i + 1) % 2], 10);
    return unused;
}

int main(void)
{
    struct crew tellers;
    intptr_t total = 0;
    for (int i = 0; i < 2; i++) {
        accounts[i].balance = 1000;
        lockorder_actor_start(&accounts[i].actor, run_account, &accounts[i], "account");
    }
    crew_start(&tellers, TELLERS, serve, NULL);
    crew_join(&tellers);
    printf("more than there is: %s\n", ask(&accounts[0], WITHDRAW, 1000000, NULL) == ERANGE ? "refused" : "paid");
    for (int i = 0; i < 2; i++) {
        void *balance;
        expect(ask(&accounts[i], BALANCE, 0, &balance) == 0, "an answer");
        total += (intptr_t)balance;
    }
    for (int i = 0; i < 2; i++) {
        lockorder_actor_close(&accounts[i].actor);
        lockorder_actor_join(&accounts[i].actor);
    }
    printf("all money together: %ld\n", (long)total);
    return total == 2000 ? 0 : 1;
}
