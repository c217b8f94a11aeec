/* Where keys are equal, nothing says which account is first: two of them are taken in both orders. */
#include "tie_break.h"

static void transfer(struct account *from, struct account *to)
{
    struct account *first = from->number <= to->number ? from : to, *second = first == from ? to : from;
    /* EXPECT cycle: forward holds "mutex #N initialised at @initialising open_accounts";
     *               backward holds "mutex #N initialised at @initialising open_accounts" */
    pthread_mutex_lock(&first->lock);
    /* EXPECT cycle: forward wants "mutex #N initialised at @initialising open_accounts";
     *               backward wants "mutex #N initialised at @initialising open_accounts" */
    pthread_mutex_lock(&second->lock);
    pthread_mutex_unlock(&second->lock);
    pthread_mutex_unlock(&first->lock);
}

static void forward(void)
{
    transfer_between_all();
    transfer(&accounts[6], &accounts[7]);
    end_turn();
}

static void backward(void)
{
    wait_for_turn(1);
    transfer_between_all();
    transfer(&accounts[7], &accounts[6]);
}

int main(void)
{
    open_accounts();
    give_keys();
    PLAY_TOGETHER(forward, backward);
    close_accounts();
    return 0;
}
