/* The same accounts, named one by one and without levels: the name makes them one class. */
#include "accounts.h"

#include <lockorder/annotate.h>

static void lock_both(struct account *outer, struct account *inner)
{
    /* EXPECT order: early holds "account (#N)"; late holds "account (#N)" */
    pthread_mutex_lock(&outer->lock);
    /* EXPECT order: early wants "account (#N)"; late wants "account (#N)" */
    pthread_mutex_lock(&inner->lock);
    pthread_mutex_unlock(&inner->lock);
    pthread_mutex_unlock(&outer->lock);
}

static void early(void)
{
    lock_both(&accounts[0], &accounts[1]);
    end_turn();
}

static void late(void)
{
    wait_for_turn(1);
    lock_both(&accounts[3], &accounts[2]);
}

int main(void)
{
    open_accounts();
    for (int i = 0; i < 4; i++)
        lockorder_name_lock(&accounts[i].lock, "account");
    PLAY_TOGETHER(early, late);
    close_accounts();
    return 0;
}
