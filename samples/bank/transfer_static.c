/* The classic deadlock: a transfer locks the account that pays, then the account that is paid. Two transfers in opposite
 * directions, at once, each hold what the other needs, for ever. Here the two tellers never work at once, so the program ends
 * well every time it is run; lockorder finds the cycle all the same, says at which lines each teller takes its two locks, and,
 * since one order was seen 991 times and the other 9 times, which of them to change:
 *
 *     lockorder run -- build/release/samples/bank/transfer_static
 *
 * transfer_fixed_order.c is the repair. */
#include "bank.h"

void transfer(struct account *from, struct account *to, long amount)
{
    /* EXPECT cycle: transfer-in holds accounts[0].lock; transfer-out holds accounts[1].lock */
    pthread_mutex_lock(&from->lock);
    /* EXPECT cycle: transfer-in wants accounts[1].lock; transfer-in seen 991 times;
     *               transfer-out wants accounts[0].lock; transfer-out seen 9 times;
     *               suggests take accounts[0].lock before accounts[1].lock everywhere */
    pthread_mutex_lock(&to->lock);
    from->balance -= amount;
    to->balance += amount;
    pthread_mutex_unlock(&to->lock);
    pthread_mutex_unlock(&from->lock);
}
