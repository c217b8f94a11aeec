/* All is locked at one line, that of the wrapper, and in any order of addresses. Seen through the wrapper, savings are locked before
 * loans. */
/* EXPECT nothing: the callers of the wrapper lock savings before loans */
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

static void pay_back(struct account *savings, struct account *loan)
{
    take(&savings->lock);
    take(&loan->lock);
    release(&loan->lock);
    release(&savings->lock);
}

static void early(void)
{
    pay_back(&accounts[0], &accounts[1]);
    take(&accounts[0].lock);
    take(&journal);
    release(&journal);
    release(&accounts[0].lock);
    end_turn();
}

static void late(void)
{
    wait_for_turn(1);
    pay_back(&accounts[3], &accounts[2]);
}

int main(void)
{
    open_accounts();
    PLAY_TOGETHER(early, late);
    free(accounts);
    return 0;
}
