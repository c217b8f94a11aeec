/* Two of std::timed_mutex, in one order. */
/* EXPECT nothing: one order */
#include <mutex>

#include "actors.h"

static std::timed_mutex first, second;

static void forward()
{
    {
        std::lock_guard<std::timed_mutex> hold_first(first);
        std::lock_guard<std::timed_mutex> hold_second(second);
    }
    end_turn();
}

static void backward()
{
    wait_for_turn(1);
    std::lock_guard<std::timed_mutex> hold_first(first);
    std::lock_guard<std::timed_mutex> hold_second(second);
}

int main()
{
    PLAY_TOGETHER(forward, backward);
    return 0;
}
