/* std::shared_mutex and std::mutex. */
#include <mutex>
#include <shared_mutex>

#include "../verdicts/actors.h"

static std::shared_mutex table;
static std::mutex entry;

static void reader()
{
    std::shared_lock<std::shared_mutex> hold_table(table); /* EXPECT deadlock: reader holds table */
    end_turn();
    wait_for_turn(2);
    std::lock_guard<std::mutex> hold_entry(entry); /* EXPECT deadlock: reader wants entry */
}

static void writer()
{
    std::lock_guard<std::mutex> hold_entry(entry); /* EXPECT deadlock: writer holds entry */
    end_turn();
    wait_for_turn(2);
    std::unique_lock<std::shared_mutex> hold_table(table); /* EXPECT deadlock: writer wants table */
}

int main()
{
    PLAY_TOGETHER(reader, writer);
    return 0;
}
