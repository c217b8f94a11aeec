/* Every lock of the program is made by one function and taken by another. Behind them, an account locks its bank, and a bank its
 * accounts; in this run they are not each other's. */
#include "actors.h"

struct thing {
    pthread_mutex_t *lock;
};

static struct thing accounts[4], banks[4];

static pthread_mutex_t *make_lock(void)
{
    pthread_mutex_t *lock = (pthread_mutex_t *)malloc(sizeof *lock);
    require(lock != NULL, "memory");
    pthread_mutex_init(lock, NULL); /* PLACE making */
    return lock;
}

static void take(struct thing *thing)
{
    /* EXPECT order: early holds "mutex #N initialised at @making make_lock"; early wants "mutex #N initialised at @making make_lock";
     *               late holds "mutex #N initialised at @making make_lock"; late wants "mutex #N initialised at @making make_lock" */
    pthread_mutex_lock(thing->lock);
}

static void release(struct thing *thing)
{
    pthread_mutex_unlock(thing->lock);
}

static void early(void)
{
    for (int i = 0; i < 2; i++) {
        take(&accounts[i]);
        take(&banks[i]);
        release(&banks[i]);
        release(&accounts[i]);
    }
    end_turn();
}

static void late(void)
{
    wait_for_turn(1);
    for (int i = 2; i < 4; i++) {
        take(&banks[i]);
        take(&accounts[i]);
        release(&accounts[i]);
        release(&banks[i]);
    }
}

int main(void)
{
    for (int i = 0; i < 4; i++)
        accounts[i].lock = make_lock();
    for (int i = 0; i < 4; i++)
        banks[i].lock = make_lock();
    PLAY_TOGETHER(early, late);
    return 0;
}
