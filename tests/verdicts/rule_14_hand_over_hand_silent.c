/* A list whose nodes lie anywhere in memory, walked hand over hand; one node is taken out in between. */
/* EXPECT nothing: a node is locked before the next one of the list, everywhere */
#include "accounts.h"

static const int whole[] = {4, 1, 6, 2, 9, 0, 8, 3, 7}, shorter[] = {4, 1, 6, 9, 0, 8, 3, 7};

static void walk(const int *nodes, int count)
{
    pthread_mutex_lock(&accounts[nodes[0]].lock);
    for (int i = 1; i < count; i++) {
        pthread_mutex_lock(&accounts[nodes[i]].lock);
        pthread_mutex_unlock(&accounts[nodes[i - 1]].lock);
    }
    pthread_mutex_unlock(&accounts[nodes[count - 1]].lock);
}

static void one(void)
{
    walk(whole, 9);
    end_turn();
}

static void other(void)
{
    wait_for_turn(1);
    walk(shorter, 8);
}

int main(void)
{
    open_accounts();
    PLAY_TOGETHER(one, other);
    close_accounts();
    return 0;
}
