/* A tree whose nodes lie anywhere in memory: a child is locked while its parent is held. */
/* EXPECT nothing: a parent is locked before its children, everywhere */
#include "accounts.h"

static void lock_child(struct account *child)
{
    pthread_mutex_lock(&child->parent->lock);
    pthread_mutex_lock(&child->lock);
    pthread_mutex_unlock(&child->lock);
    pthread_mutex_unlock(&child->parent->lock);
}

static void left(void)
{
    lock_child(&accounts[0]);
    lock_child(&accounts[3]);
    lock_child(&accounts[1]);
    end_turn();
}

static void right(void)
{
    wait_for_turn(1);
    lock_child(&accounts[7]);
    lock_child(&accounts[6]);
    lock_child(&accounts[3]);
}

int main(void)
{
    open_accounts();
    accounts[3].parent = accounts[7].parent = &accounts[5];
    accounts[0].parent = accounts[1].parent = &accounts[3];
    accounts[6].parent = &accounts[7];
    PLAY_TOGETHER(left, right);
    close_accounts();
    return 0;
}
