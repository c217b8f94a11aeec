/* The second thread is created before the first one is joined: their transfers can meet. */
#include "accounts.h"

static void transfer(struct account *from, struct account *to)
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
    transfer(&accounts[0], &accounts[1]);
    end_turn();
}

static void late(void)
{
    wait_for_turn(1);
    transfer(&accounts[3], &accounts[2]);
}

int main(void)
{
    open_accounts();
    struct actor *first = START(early), *second = START(late);
    join(first);
    join(second);
    close_accounts();
    return 0;
}
