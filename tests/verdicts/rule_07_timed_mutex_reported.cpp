/* std::timed_mutex: a wait for a while. */
#include <chrono>
#include <mutex>

#include "actors.h"

static std::timed_mutex first, second;

static void forward()
{
    {
        std::unique_lock<std::timed_mutex> hold_first(first); /* EXPECT cycle: forward holds first */
        std::unique_lock<std::timed_mutex> hold_second(second,
                                                       std::chrono::minutes(1)); /* EXPECT cycle: forward wants second timed */
    }
    end_turn();
}

static void backward()
{
    wait_for_turn(1);
    std::lock_guard<std::timed_mutex> hold_second(second); /* EXPECT cycle: backward holds second */
    std::lock_guard<std::timed_mutex> hold_first(first);   /* EXPECT cycle: backward wants first */
}

int main()
{
    PLAY_TOGETHER(forward, backward);
    return 0;
}
