/* The dynamic deadlock: each transfer locks who pays, then who is paid. No account is used twice, so no two locks are ever taken in
 * both orders, and one call would meet itself the other way round all the same. */
#include "accounts.h"

static void transfer(struct account *from, struct account *to)
{
    /* EXPECT order: subkind one class; suggests in one order everywhere;
     *               early holds "mutex #N initialised at @initialising open_accounts";
     *               late holds "mutex #N initialised at @initialising open_accounts" */
    pthread_mutex_lock(&from->lock);
    /* EXPECT order: early wants "mutex #N initialised at @initialising open_accounts"; early seen 1 times;
     *               late wants "mutex #N initialised at @initialising open_accounts"; late seen 1 times */
    pthread_mutex_lock(&to->lock);
    pthread_mutex_unlock(&to->lock);
    pthread_mutex_unlock(&from->lock);
}

static void early(void)
{
    transfer(&accounts[0], &accounts[1]); /* EXPECT order: early holds "mutex #N initialised at @initialising open_accounts" called here */
    end_turn();
}

static void late(void)
{
    wait_for_turn(1);
    transfer(&accounts[3], &accounts[2]); /* EXPECT order: late wants "mutex #N initialised at @initialising open_accounts" called here */
}

int main(void)
{
    open_accounts();
    PLAY_TOGETHER(early, late);
    close_accounts();
    return 0;
}
