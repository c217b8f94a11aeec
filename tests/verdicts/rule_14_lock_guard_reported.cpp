/* std::lock_guard on accounts from the heap: no initialisation is seen, and the constructor of the guard returns with the lock held.
 * One line locks them all, so they are one class; pairs of them are taken in no order. */
#include "actors.h"

#include <memory>
#include <mutex>

struct account {
    std::mutex mutex;
    long balance = 0;
};

static std::unique_ptr<account[]> accounts;
static std::mutex journal;

static void transfer(account &from, account &to)
{
    /* EXPECT order: early holds "mutex #N first locked at @auditing audit"; late holds "mutex #N first locked at @auditing audit" */
    std::lock_guard<std::mutex> hold_from(from.mutex);
    /* EXPECT order: early wants "mutex #N first locked at @auditing audit"; late wants "mutex #N first locked at @auditing audit" */
    std::lock_guard<std::mutex> hold_to(to.mutex);
    from.balance--;
    to.balance++;
}

extern "C" void audit();
extern "C" void audit()
{
    for (size_t i = 0; i < 4; i++) {
        std::lock_guard<std::mutex> hold(accounts[i].mutex); /* PLACE auditing */
        std::lock_guard<std::mutex> write(journal);
    }
}

static void early()
{
    audit();
    transfer(accounts[0], accounts[1]);
    end_turn();
}

static void late()
{
    wait_for_turn(1);
    transfer(accounts[3], accounts[2]);
}

int main()
{
    accounts.reset(new account[4]);
    PLAY_TOGETHER(early, late);
    return 0;
}
