/* A repair of transfer_dynamic.c: of any two accounts, the one at the lower address is locked first. Addresses are an order that
 * all threads agree on, for any number of accounts, wherever they came from. lockorder sees that this class of locks is always
 * taken upwards, a discipline and no finding:
 *
 *     lockorder run -- build/release/samples/bank/transfer_by_address */
/* EXPECT nothing: accounts are locked in the order of their addresses */
#include "bank.h"

#include <stdint.h>

bool transfer(struct account *from, struct account *to, long amount)
{
    bool upwards = (uintptr_t)from < (uintptr_t)to;
    pthread_mutex_lock(upwards ? &from->lock : &to->lock);
    pthread_mutex_lock(upwards ? &to->lock : &from->lock);
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
