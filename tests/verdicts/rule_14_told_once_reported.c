/* Two accounts are taken in both orders, and others besides in no order: one fault, told once, as the cycle that was seen. */
#include "accounts.h"

static void transfer(struct account *from, struct account *to)
{
    /* EXPECT cycle: early holds "mutex #N initialised at @initialising open_accounts";
     *               late holds "mutex #N initialised at @initialising open_accounts" */
    pthread_mutex_lock(&from->lock);
    /* EXPECT cycle: early wants "mutex #N initialised at @initialising open_accounts";
     *               late wants "mutex #N initialised at @initialising open_accounts" */
    pthread_mutex_lock(&to->lock);
    pthread_mutex_unlock(&to->lock);
    pthread_mutex_unlock(&from->lock);
}

static void early(void)
{
    transfer(&accounts[0], &accounts[1]);
    transfer(&accounts[4], &accounts[5]);
    end_turn();
}

static void late(void)
{
    wait_for_turn(1);
    transfer(&accounts[3], &accounts[2]);
    transfer(&accounts[1], &accounts[0]);
}

int main(void)
{
    open_accounts();
    PLAY_TOGETHER(early, late);
    close_accounts();
    return 0;
}
