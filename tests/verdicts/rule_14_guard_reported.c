/* Each transfer has a lock of its own around it: that guards nothing. */
#include "accounts.h"

static pthread_mutex_t guard = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t other_guard = PTHREAD_MUTEX_INITIALIZER;
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
    pthread_mutex_lock(&guard);
    transfer(&accounts[0], &accounts[1]);
    transfer(&accounts[4], &accounts[5]);
    pthread_mutex_unlock(&guard);
    end_turn();
}

static void late(void)
{
    wait_for_turn(1);
    pthread_mutex_lock(&other_guard);
    transfer(&accounts[3], &accounts[2]);
    transfer(&accounts[7], &accounts[6]);
    pthread_mutex_unlock(&other_guard);
}

int main(void)
{
    open_accounts();
    PLAY_TOGETHER(early, late);
    close_accounts();
    return 0;
}
