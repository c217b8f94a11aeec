/* The second thread is created after the first one was joined: their transfers never meet. */
/* EXPECT nothing: the threads live one after the other */
#include "accounts.h"

static void transfer(struct account *from, struct account *to)
{
    pthread_mutex_lock(&from->lock);
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
    join(START(early));
    join(START(late));
    close_accounts();
    return 0;
}
