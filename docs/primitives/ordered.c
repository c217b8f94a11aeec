#include <errno.h>
#include <stdio.h>

#include <lockorder/lockorder.h>

struct account {
    struct lockorder_lock lock;
    long balance;
};

static struct account accounts[2] = {{LOCKORDER_LOCK_INITIALIZER, 1000}, {LOCKORDER_LOCK_INITIALIZER, 1000}};

static int transfer(struct account *from, struct account *to, long amount)
{
    struct lockorder_lockable locks[] = {lockorder_lockable_lock(&from->lock), lockorder_lockable_lock(&to->lock)};
    LOCKORDER_SCOPED_CLAIM(claim);
    int error = lockorder_claim_acquire(&claim, NULL, locks, 2);
    if (error != 0)
        return error;
    from->balance -= amount;
    to->balance += amount;
    return 0; /* the claim is released here */
}

static void *transfer_out(void *argument)
{
    (void)argument;
    for (int i = 0; i < 10000; i++)
        transfer(&accounts[0], &accounts[1], 1);
    return NULL;
}

int main(void)
{
    /* Two tellers, in opposite directions, at once: the classic deadlock, were it not for the order. */
    pthread_t teller;
    pthread_create(&teller, NULL, transfer_out, NULL);
    for (int i = 0; i < 10000; i++)
        transfer(&accounts[1], &accounts[0], 1);
    pthread_join(teller, NULL);
    printf("balances: %ld and %ld\n", accounts[0].balance, accounts[1].balance);

    /* Nested, against the order: an error at once, every time. */
    struct lockorder_lockable second[] = {lockorder_lockable_lock(&accounts[1].lock)};
    LOCKORDER_SCOPED_CLAIM(claim);
    lockorder_claim_acquire(&claim, NULL, second, 1);
    printf("a transfer from within: %s\n", transfer(&accounts[0], &accounts[1], 1) == EDEADLK ? "EDEADLK" : "?");
    return 0;
}
