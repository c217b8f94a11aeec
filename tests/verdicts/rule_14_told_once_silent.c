/* Two accounts are taken in both orders by one thread; the other thread never needs two. */
/* EXPECT nothing: one thread took both orders, and no other thread takes two accounts */
#include "accounts.h"

static void transfer(struct account *from, struct account *to)
{
    pthread_mutex_lock(&from->lock);
    pthread_mutex_lock(&to->lock);
    pthread_mutex_unlock(&to->lock);
    pthread_mutex_unlock(&from->lock);
}

static void early(void)
{
    transfer(&accounts[2], &accounts[3]);
    transfer(&accounts[3], &accounts[2]);
    end_turn();
}

static void late(void)
{
    wait_for_turn(1);
    pthread_mutex_lock(&accounts[2].lock);
    pthread_mutex_unlock(&accounts[2].lock);
}

int main(void)
{
    open_accounts();
    PLAY_TOGETHER(early, late);
    close_accounts();
    return 0;
}
