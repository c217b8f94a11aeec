/* One thread took the same two accounts in both orders. That was judged, and pruned, as two locks: it does not come back as a class. */
/* EXPECT nothing: one thread took two accounts in both orders */
#include "accounts.h"

static void transfer(struct account *from, struct account *to)
{
    pthread_mutex_lock(&from->lock);
    pthread_mutex_lock(&to->lock);
    pthread_mutex_unlock(&to->lock);
    pthread_mutex_unlock(&from->lock);
}

static void alone(void)
{
    transfer(&accounts[0], &accounts[1]);
    transfer(&accounts[1], &accounts[0]);
}

int main(void)
{
    open_accounts();
    join(START(alone));
    close_accounts();
    return 0;
}
