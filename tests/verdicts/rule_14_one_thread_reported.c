/* One thread made all transfers, so far: told, and no reason to fail a build. */
#include "accounts.h"

static void transfer(struct account *from, struct account *to)
{
    /* EXPECT order: advisory; subkind one class; alone holds "mutex #N initialised at @initialising open_accounts";
     *               alone' holds "mutex #N initialised at @initialising open_accounts" */
    pthread_mutex_lock(&from->lock);
    /* EXPECT order: alone wants "mutex #N initialised at @initialising open_accounts";
     *               alone' wants "mutex #N initialised at @initialising open_accounts" */
    pthread_mutex_lock(&to->lock);
    pthread_mutex_unlock(&to->lock);
    pthread_mutex_unlock(&from->lock);
}

static void alone(void)
{
    transfer(&accounts[0], &accounts[1]);
    transfer(&accounts[3], &accounts[2]);
}

int main(void)
{
    open_accounts();
    join(START(alone));
    close_accounts();
    return 0;
}
