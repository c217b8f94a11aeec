/* The same deadlock where no reader of the code sees two orders: every transfer locks `from`, then `to`, at the same two lines.
 * But who is `from` in one transfer is `to` in another. Here the second teller even works on two other accounts, so that no lock
 * is taken by both: there is no cycle of locks to be found. lockorder sees that these locks play the same role, and that they are
 * taken in both directions, and reports an `order`. With --hang both use the same two accounts:
 *
 *     lockorder run -- build/release/samples/bank/transfer_dynamic
 *     lockorder run --on-deadlock=exit -- build/release/samples/bank/transfer_dynamic --hang
 *
 * Repairs: transfer_by_address.c, transfer_by_number.c, transfer_ordered_acquire.c. */
#include "bank.h"

#include "../stage.h"

bool transfer(struct account *from, struct account *to, long amount)
{
    /* EXPECT order: transfer-in holds accounts[0].lock; transfer-out holds accounts[3].lock */
    /* EXPECT --hang deadlock: transfer-in holds accounts[0].lock; transfer-out holds accounts[1].lock */
    pthread_mutex_lock(&from->lock);
    stage_meet();
    /* EXPECT order: transfer-in wants accounts[1].lock; transfer-out wants accounts[2].lock */
    /* EXPECT --hang deadlock: transfer-in wants accounts[1].lock; transfer-out wants accounts[0].lock */
    pthread_mutex_lock(&to->lock);
    from->balance -= amount;
    to->balance += amount;
    pthread_mutex_unlock(&to->lock);
    pthread_mutex_unlock(&from->lock);
    return true;
}

int main(int argc, char **argv)
{
    return other_accounts(argc, argv);
}
