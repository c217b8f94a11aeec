/* All transfers are made under one lock. */
/* EXPECT nothing: one lock guards all transfers */
#include "accounts.h"

static pthread_mutex_t guard = PTHREAD_MUTEX_INITIALIZER;

static void transfer(struct account *from, struct account *to)
{
    pthread_mutex_lock(&from->lock);
    pthread_mutex_lock(&to->lock);
    pthread_mutex_unlock(&to->lock);
    pthread_mutex_unlock(&from->lock);
}

static void early(void)
{
    pthread_mutex_lock(&guard);
    transfer(&accounts[0], &accounts[1]);
    transfer(&accounts[4], &accounts[5]);
    pthread_mutex_unlock(&guard);
    end_turn();
}

static void late(void)
{
    wait_for_turn(1);
    pthread_mutex_lock(&guard);
    transfer(&accounts[3], &accounts[2]);
    transfer(&accounts[7], &accounts[6]);
    pthread_mutex_unlock(&guard);
}

int main(void)
{
    open_accounts();
    PLAY_TOGETHER(early, late);
    close_accounts();
    return 0;
}
