/* Two of std::recursive_timed_mutex, in both orders. */
#include <mutex>

#include "actors.h"

static std::recursive_timed_mutex first, second;

static void forward()
{
    {
        std::lock_guard<std::recursive_timed_mutex> hold_first(first);   /* EXPECT cycle: forward holds first */
        std::lock_guard<std::recursive_timed_mutex> hold_second(second); /* EXPECT cycle: forward wants second */
    }
    end_turn();
}

static void backward()
{
    wait_for_turn(1);
    std::lock_guard<std::recursive_timed_mutex> hold_second(second); /* EXPECT cycle: backward holds second */
    std::lock_guard<std::recursive_timed_mutex> hold_first(first);   /* EXPECT cycle: backward wants first */
}

int main()
{
    PLAY_TOGETHER(forward, backward);
    return 0;
}
