/* The classic deadlock: a transfer locks the account that pays, then the account that is paid. Two transfers in opposite
 * directions, at once, each hold what the other needs, for ever. By default the two tellers never work at once, so the program
 * ends well every time; lockorder finds the cycle all the same, says at which lines each teller takes its two locks, and, since
 * one order was seen 991 times and the other 9 times, which of them to change. With --hang it hangs, and lockorder says so at
 * that moment:
 *
 *     lockorder run -- build/release/samples/bank/transfer_static
 *     lockorder run --on-deadlock=exit -- build/release/samples/bank/transfer_static --hang
 *
 * transfer_fixed_order.c, transfer_try_lock.c and transfer_release_first.c are repairs. */
#include "bank.h"

#include "../stage.h"

bool transfer(struct account *from, struct account *to, long amount)
{
    /* EXPECT cycle: transfer-in holds accounts[0].lock; transfer-out holds accounts[1].lock */
    /* EXPECT --hang deadlock: transfer-in holds accounts[0].lock; transfer-out holds accounts[1].lock */
    pthread_mutex_lock(&from->lock);
    stage_meet();
    /* EXPECT cycle: transfer-in wants accounts[1].lock; transfer-in seen 991 times;
     *               transfer-out wants accounts[0].lock; transfer-out seen 9 times;
     *               suggests take accounts[0].lock before accounts[1].lock everywhere */
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
    return same_accounts(argc, argv);
}
