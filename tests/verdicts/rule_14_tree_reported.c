/* Pairs of nodes that are no tree: who is locked first has nothing to do with who is whose parent. */
#include "accounts.h"

static void move(struct account *from, struct account *to)
{
    /* EXPECT order: early holds "mutex #N initialised at @initialising open_accounts";
     *               late holds "mutex #N initialised at @initialising open_accounts" */
    pthread_mutex_lock(&from->lock);
    /* EXPECT order: early wants "mutex #N initialised at @initialising open_accounts";
     *               late wants "mutex #N initialised at @initialising open_accounts" */
    pthread_mutex_lock(&to->lock);
    pthread_mutex_unlock(&to->lock);
    pthread_mutex_unlock(&from->lock);
}

static void early(void)
{
    move(&accounts[0], &accounts[1]);
    move(&accounts[5], &accounts[4]);
    end_turn();
}

static void late(void)
{
    wait_for_turn(1);
    move(&accounts[3], &accounts[2]);
    move(&accounts[6], &accounts[7]);
}

int main(void)
{
    open_accounts();
    PLAY_TOGETHER(early, late);
    close_accounts();
    return 0;
}
