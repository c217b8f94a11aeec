/* A repair of transfer_static.c: whoever pays, the account that comes first in the table is locked first. All threads take the
 * locks in one order, so none can hold what another needs and need what that one holds; lockorder has nothing to report:
 *
 *     lockorder run -- build/release/samples/bank/transfer_fixed_order */
/* EXPECT nothing: the locks are taken in one order */
#include "bank.h"

bool transfer(struct account *from, struct account *to, long amount)
{
    struct account *first = from < to ? from : to;
    struct account *second = from < to ? to : from;
    pthread_mutex_lock(&first->lock);
    pthread_mutex_lock(&second->lock);
    from->balance -= amount;
    to->balance += amount;
    pthread_mutex_unlock(&second->lock);
    pthread_mutex_unlock(&first->lock);
    return true;
}

int main(int argc, char **argv)
{
    return same_accounts(argc, argv);
}
