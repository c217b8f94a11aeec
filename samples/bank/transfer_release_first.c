/* A repair of transfer_static.c: one account is released before the next one is locked, so nobody ever holds two. The price: in
 * between, the money is in neither account, and whoever counts all of it then counts too little.
 *
 *     lockorder run -- build/release/samples/bank/transfer_release_first */
/* EXPECT nothing: no lock is taken while another one is held */
#include "bank.h"

static void add(struct account *account, long amount)
{
    pthread_mutex_lock(&account->lock);
    account->balance += amount;
    pthread_mutex_unlock(&account->lock);
}

bool transfer(struct account *from, struct account *to, long amount)
{
    add(from, -amount);
    add(to, amount);
    return true;
}

int main(int argc, char **argv)
{
    return same_accounts(argc, argv);
}
