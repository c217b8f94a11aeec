/* Two of std::shared_timed_mutex, read in opposite orders. */
/* EXPECT nothing: nobody writes */
#include <mutex>
#include <shared_mutex>

#include "actors.h"

static std::shared_timed_mutex first, second;

static void forward()
{
    {
        std::shared_lock<std::shared_timed_mutex> read_first(first);
        std::shared_lock<std::shared_timed_mutex> read_second(second);
    }
    end_turn();
}

static void backward()
{
    wait_for_turn(1);
    std::shared_lock<std::shared_timed_mutex> read_second(second);
    std::shared_lock<std::shared_timed_mutex> read_first(first);
}

int main()
{
    PLAY_TOGETHER(forward, backward);
    return 0;
}
