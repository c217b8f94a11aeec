/* Accounts are locked in the order of their numbers, which is not that of their addresses. All pairs of five accounts keep to it. */
/* EXPECT nothing: of two accounts, the one with the lower number is always locked first */
#include "accounts.h"

enum { USED = 5 };

static void transfer(struct account *from, struct account *to)
{
    struct account *first = from->number < to->number ? from : to, *second = first == from ? to : from;
    pthread_mutex_lock(&first->lock);
    pthread_mutex_lock(&second->lock);
    pthread_mutex_unlock(&second->lock);
    pthread_mutex_unlock(&first->lock);
}

static void upward(void)
{
    for (int from = 0; from < USED; from++) {
        for (int to = from + 1; to < USED; to++)
            transfer(&accounts[from], &accounts[to]);
    }
    end_turn();
}

static void downward(void)
{
    wait_for_turn(1);
    for (int from = USED - 1; from > 0; from--) {
        for (int to = from - 1; to >= 0; to--)
            transfer(&accounts[from], &accounts[to]);
    }
}

int main(void)
{
    open_accounts();
    for (int i = 0; i < ACCOUNTS; i++)
        accounts[i].number = i * 7 % ACCOUNTS;
    PLAY_TOGETHER(upward, downward);
    close_accounts();
    return 0;
}
