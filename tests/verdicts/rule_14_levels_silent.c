/* Accounts have a parent or a child, which the program says by levels: nothing else tells which is which. */
/* EXPECT nothing: accounts of level 1 are locked before those of level 2, as the program declares */
#include "accounts.h"

#include <lockorder/annotate.h>

static void lock_both(struct account *outer, struct account *inner)
{
    pthread_mutex_lock(&outer->lock);
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
    lockorder_name_lock_at_level(&accounts[0].lock, "account", 1);
    lockorder_name_lock_at_level(&accounts[1].lock, "account", 2);
    lockorder_name_lock_at_level(&accounts[2].lock, "account", 2);
    lockorder_name_lock_at_level(&accounts[3].lock, "account", 1);
    PLAY_TOGETHER(early, late);
    close_accounts();
    return 0;
}
