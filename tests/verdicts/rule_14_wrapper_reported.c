/* Accounts that no initialisation is seen of, locked through wrappers: they are one class all the same, for one line locks them all.
 * Pairs of them are taken in no order. */
#include "actors.h"

enum { ACCOUNTS = 6 };

struct account {
    pthread_mutex_t lock;
    long balance;
};

static struct account *accounts;
static pthread_mutex_t journal = PTHREAD_MUTEX_INITIALIZER;

static void open_accounts(void)
{
    accounts = (struct account *)calloc(ACCOUNTS, sizeof *accounts);
    require(accounts != NULL, "memory");
}

/* Two levels of wrappers, as a program has that runs on several systems. */
static int system_lock(pthread_mutex_t *mutex)
{
    /* PLACE taking */
    /* EXPECT order: early holds "mutex #N first locked at @taking system_lock"; early wants "mutex #N first locked at @taking system_lock";
     *               late holds "mutex #N first locked at @taking system_lock"; late wants "mutex #N first locked at @taking system_lock" */
    return pthread_mutex_lock(mutex);
}

static void take(pthread_mutex_t *mutex)
{
    require(system_lock(mutex) == 0, "a lock");
}

static void release(pthread_mutex_t *mutex)
{
    pthread_mutex_unlock(mutex);
}

/* Every account comes by here, which shows that they are of one kind. */
static void audit(void)
{
    for (int i = 0; i < ACCOUNTS; i++) {
        take(&accounts[i].lock);
        take(&journal);
        release(&journal);
        release(&accounts[i].lock);
    }
}

static void transfer(struct account *from, struct account *to)
{
    take(&from->lock);
    take(&to->lock);
    release(&to->lock);
    release(&from->lock);
}

static void early(void)
{
    audit();
    transfer(&accounts[0], &accounts[1]);
    end_turn();
}

static void late(void)
{
    wait_for_turn(1);
    transfer(&accounts[3], &accounts[2]);
}

int main(void)
{
    open_accounts();
    PLAY_TOGETHER(early, late);
    free(accounts);
    return 0;
}
