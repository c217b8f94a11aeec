/* Where keys are equal, a further lock is taken first: under it, any order will do. */
/* EXPECT nothing: accounts of equal keys are locked under a tie-breaking lock, the others in the order of their keys */
#include "tie_break.h"

static pthread_mutex_t tie = PTHREAD_MUTEX_INITIALIZER;

static void lock_both(struct account *first, struct account *second)
{
    pthread_mutex_lock(&first->lock);
    pthread_mutex_lock(&second->lock);
    pthread_mutex_unlock(&second->lock);
    pthread_mutex_unlock(&first->lock);
}

static void transfer(struct account *from, struct account *to)
{
    if (from->number == to->number)
        pthread_mutex_lock(&tie);
    if (from->number <= to->number)
        lock_both(from, to);
    else
        lock_both(to, from);
    if (from->number == to->number)
        pthread_mutex_unlock(&tie);
}

static void forward(void)
{
    transfer_between_all();
    transfer(&accounts[6], &accounts[7]);
    transfer(&accounts[9], &accounts[8]);
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
