/* Accounts have numbers, and nobody looks at them: that in this run the numbers and the order agree is no more than chance, since
 * no two transfers have an account in common. */
#include "accounts.h"

static void transfer(struct account *from, struct account *to)
{
    require(from->number < to->number, "numbers in order");
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
    for (int i = 0; i < 8; i += 4)
        transfer(&accounts[i], &accounts[i + 1]);
    end_turn();
}

static void late(void)
{
    wait_for_turn(1);
    for (int i = 0; i < 8; i += 4)
        transfer(&accounts[i + 3], &accounts[i + 2]);
}

int main(void)
{
    open_accounts();
    for (int i = 0; i < ACCOUNTS; i++)
        accounts[i].number = i % 4 < 2 ? i : i ^ 1;
    PLAY_TOGETHER(early, late);
    close_accounts();
    return 0;
}
