/* std::timed_mutex: a wait for a while, and a try. */
/* EXPECT nothing: a try does not wait */
#include <chrono>
#include <mutex>

#include "actors.h"

static std::timed_mutex first, second;

static void forward()
{
    {
        std::unique_lock<std::timed_mutex> hold_first(first);
        std::unique_lock<std::timed_mutex> hold_second(second, std::chrono::minutes(1));
    }
    end_turn();
}

static void backward()
{
    wait_for_turn(1);
    std::lock_guard<std::timed_mutex> hold_second(second);
    std::unique_lock<std::timed_mutex> hold_first(first, std::try_to_lock);
}

int main()
{
    PLAY_TOGETHER(forward, backward);
    return 0;
}
