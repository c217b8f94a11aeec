/* Every lock of the program is made by one function and taken by another, at any address. Behind them, accounts are locked before
 * banks. */
/* EXPECT nothing: accounts are locked before banks */
#include "actors.h"

struct thing {
    pthread_mutex_t *lock;
};

static struct thing accounts[4], banks[4];

static pthread_mutex_t *make_lock(void)
{
    pthread_mutex_t *lock = (pthread_mutex_t *)malloc(sizeof *lock);
    require(lock != NULL, "memory");
    pthread_mutex_init(lock, NULL);
    return lock;
}

static void take(struct thing *thing)
{
    pthread_mutex_lock(thing->lock);
}

static void release(struct thing *thing)
{
    pthread_mutex_unlock(thing->lock);
}

static void pay(int account, int bank)
{
    take(&accounts[account]);
    take(&banks[bank]);
    release(&banks[bank]);
    release(&accounts[account]);
}

static void early(void)
{
    pay(0, 1);
    pay(1, 1);
    end_turn();
}

static void late(void)
{
    wait_for_turn(1);
    pay(3, 2);
    pay(2, 0);
}

int main(void)
{
    for (int i = 0; i < 4; i++)
        accounts[i].lock = make_lock();
    for (int i = 0; i < 4; i++)
        banks[i].lock = make_lock();
    struct thing lower = accounts[3];
    accounts[3].lock = banks[2].lock;
    banks[2].lock = lower.lock;
    PLAY_TOGETHER(early, late);
    return 0;
}
