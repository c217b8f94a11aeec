/* The same, with std::scoped_lock where two accounts are needed: it tries, backs off, and waits for nothing while it holds one. */
/* EXPECT nothing: std::scoped_lock waits for no account while it holds another one */
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
    std::scoped_lock hold(from.mutex, to.mutex);
    from.balance--;
    to.balance++;
}

static void audit()
{
    for (size_t i = 0; i < 4; i++) {
        std::lock_guard<std::mutex> hold(accounts[i].mutex);
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
