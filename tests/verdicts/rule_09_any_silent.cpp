/* std::condition_variable_any, waiting with nothing but its lock held. */
/* EXPECT nothing: nothing is held when the lock is taken again */
#include <condition_variable>
#include <mutex>
#include <shared_mutex>

#include "actors.h"

static std::mutex second;
static std::shared_mutex first;
static std::condition_variable_any condition;
static bool is_signalled;

static void forward()
{
    {
        std::unique_lock<std::shared_mutex> hold_first(first);
        std::lock_guard<std::mutex> hold_second(second);
    }
    end_turn();
    wait_for_turn(2);
    std::lock_guard<std::shared_mutex> hold_first(first);
    is_signalled = true;
    condition.notify_one();
}

static void backward()
{
    wait_for_turn(1);
    std::unique_lock<std::shared_mutex> hold_first(first);
    end_turn();
    while (!is_signalled)
        condition.wait(hold_first);
}

int main()
{
    PLAY_TOGETHER(forward, backward);
    return 0;
}
