/* Two lists walked hand over hand, and one that is walked from its end: there the nodes meet. */
#include "accounts.h"

static const int forth[] = {4, 1, 6, 2}, back[] = {2, 6};

/* The first node, then each next one while the one before it is held. */
static void walk(const int *nodes, int count)
{
    /* EXPECT cycle: backward holds "mutex #N initialised at @initialising open_accounts" */
    pthread_mutex_lock(&accounts[nodes[0]].lock);
    for (int i = 1; i < count; i++) {
        /* EXPECT cycle: forward holds "mutex #N initialised at @initialising open_accounts";
         *               forward wants "mutex #N initialised at @initialising open_accounts";
         *               backward wants "mutex #N initialised at @initialising open_accounts" */
        pthread_mutex_lock(&accounts[nodes[i]].lock);
        pthread_mutex_unlock(&accounts[nodes[i - 1]].lock);
    }
    pthread_mutex_unlock(&accounts[nodes[count - 1]].lock);
}

static void forward(void)
{
    walk(forth, 4);
    end_turn();
}

static void backward(void)
{
    wait_for_turn(1);
    walk(back, 2);
}

int main(void)
{
    open_accounts();
    PLAY_TOGETHER(forward, backward);
    close_accounts();
    return 0;
}
