/* The same transfers, in the order of the addresses. */
/* EXPECT nothing: of two accounts, the one at the lower address is always locked first */
#include "accounts.h"

static void transfer(struct account *from, struct account *to)
{
    struct account *first = from < to ? from : to, *second = from < to ? to : from;
    pthread_mutex_lock(&first->lock);
    pthread_mutex_lock(&second->lock);
    pthread_mutex_unlock(&second->lock);
    pthread_mutex_unlock(&first->lock);
}

static void early(void)
{
    transfer(&accounts[0], &accounts[1]);
    transfer(&accounts[6], &accounts[5]);
    end_turn();
}

static void late(void)
{
    wait_for_turn(1);
    transfer(&accounts[3], &accounts[2]);
    transfer(&accounts[4], &accounts[7]);
}

int main(void)
{
    open_accounts();
    PLAY_TOGETHER(early, late);
    close_accounts();
    return 0;
}
