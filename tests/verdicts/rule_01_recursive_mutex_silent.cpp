/* Two of std::recursive_mutex, in one order, and the first one again inside. */
/* EXPECT nothing: one order */
#include <mutex>

#include "actors.h"

static std::recursive_mutex first, second;

static void forward()
{
    {
        std::lock_guard<std::recursive_mutex> hold_first(first);
        std::lock_guard<std::recursive_mutex> hold_second(second);
    }
    end_turn();
}

static void backward()
{
    wait_for_turn(1);
    std::lock_guard<std::recursive_mutex> hold_first(first);
    std::lock_guard<std::recursive_mutex> hold_second(second);
    std::lock_guard<std::recursive_mutex> hold_first_again(first);
}

int main()
{
    PLAY_TOGETHER(forward, backward);
    return 0;
}
