/* A repair of transfer_dynamic.c: the account with the lower number is locked first. Unlike addresses, numbers mean the same in
 * all processes and in the next run; but two accounts may have the same one, and then there is no order. For these a third lock,
 * the tie lock, lets only one thread at a time take two of them.
 *
 *     lockorder run -- build/release/samples/bank/transfer_by_number */
/* EXPECT nothing: accounts are locked in the order of their numbers, and equal ones under the tie lock */
#include "bank.h"

static pthread_mutex_t tie = PTHREAD_MUTEX_INITIALIZER;

static void lock_both(struct account *from, struct account *to)
{
    bool is_tie = from->number == to->number;
    if (is_tie)
        pthread_mutex_lock(&tie);
    pthread_mutex_lock(from->number < to->number ? &from->lock : &to->lock);
    pthread_mutex_lock(from->number < to->number ? &to->lock : &from->lock);
    if (is_tie)
        pthread_mutex_unlock(&tie);
}

bool transfer(struct account *from, struct account *to, long amount)
{
    lock_both(from, to);
    from->balance -= amount;
    to->balance += amount;
    pthread_mutex_unlock(&to->lock);
    pthread_mutex_unlock(&from->lock);
    return true;
}

int main(int argc, char **argv)
{
    accounts[2].number = accounts[3].number; /* opened at two branches */
    return other_accounts(argc, argv);
}
