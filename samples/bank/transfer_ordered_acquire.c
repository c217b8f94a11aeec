/* A repair of transfer_dynamic.c that leaves the order to the library: a claim takes any number of locks in the order of their
 * addresses, whatever order they are named in, and releases them when its scope is left.
 *
 *     lockorder run -- build/release/samples/bank/transfer_ordered_acquire */
/* EXPECT nothing: claims take their locks in one order */
#include "bank.h"

#include <lockorder/ordered.h>

bool transfer(struct account *from, struct account *to, long amount)
{
    struct lockorder_lockable locks[] = {lockorder_lockable_mutex(&from->lock), lockorder_lockable_mutex(&to->lock)};
    LOCKORDER_SCOPED_CLAIM(claim);
    if (lockorder_claim_acquire(&claim, NULL, locks, 2) != 0)
        return false;
    from->balance -= amount;
    to->balance += amount;
    return true;
}

int main(int argc, char **argv)
{
    return other_accounts(argc, argv);
}
