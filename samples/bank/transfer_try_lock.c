/* A repair of transfer_static.c: the second account is only tried. Who does not get it gives the first one back, and comes again
 * later; so nobody waits for one account while it holds another. A try waits for nothing, so lockorder has nothing to report. Two
 * who come again at the same pace may keep each other from ever going on: see waiting/livelock.c.
 *
 *     lockorder run -- build/release/samples/bank/transfer_try_lock */
/* EXPECT nothing: a try does not wait */
#include "bank.h"

bool transfer(struct account *from, struct account *to, long amount)
{
    bool moved = false;
    pthread_mutex_lock(&from->lock);
    if (pthread_mutex_trylock(&to->lock) == 0) {
        from->balance -= amount;
        to->balance += amount;
        moved = true;
        pthread_mutex_unlock(&to->lock);
    }
    pthread_mutex_unlock(&from->lock);
    return moved;
}

int main(int argc, char **argv)
{
    return same_accounts(argc, argv);
}
