/* What the library's ordered acquire does with code that goes the wrong way: a teller who holds an account claims one that comes
 * before it. Waiting there could become a deadlock, on the day when somebody goes the other way; the claim is refused with
 * EDEADLK, every time, also when nobody is in the way. The teller gives back what it holds, and claims both at once.
 *
 *     lockorder run -- build/release/samples/bank/claim_refused */
/* EXPECT nothing: what is refused is not locked */
#include <errno.h>
#include <stdio.h>

#include <lockorder/ordered.h>

#include "../stage.h"

static struct account {
    pthread_mutex_t lock;
    long balance;
} accounts[2] = {{PTHREAD_MUTEX_INITIALIZER, 100}, {PTHREAD_MUTEX_INITIALIZER, 0}};

static void pay_fee(void)
{
    struct lockorder_lockable later[] = {lockorder_lockable_mutex(&accounts[1].lock)};
    struct lockorder_lockable earlier[] = {lockorder_lockable_mutex(&accounts[0].lock)};
    struct lockorder_lockable both[] = {later[0], earlier[0]};
    struct lockorder_claim held, refused;
    if (lockorder_claim_acquire(&held, NULL, later, 1) != 0)
        return;
    int error = lockorder_claim_acquire(&refused, NULL, earlier, 1);
    printf("account 0, while account 1 is held: %s\n", error == EDEADLK ? "refused" : "not refused");
    lockorder_claim_release(&held);
    if (lockorder_claim_acquire(&held, NULL, both, 2) != 0)
        return;
    accounts[0].balance -= 1;
    accounts[1].balance += 1;
    puts("both at once: paid");
    lockorder_claim_release(&held);
}

int main(int argc, char **argv)
{
    const struct actor teller = {"teller", pay_fee};
    stage_open(argc, argv);
    stage_play(&teller, 1);
    return 0;
}
