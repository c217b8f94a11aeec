/* Two of std::shared_mutex: each thread reads one and writes the other one. */
#include <mutex>
#include <shared_mutex>

#include "actors.h"

static std::shared_mutex first, second;

static void forward()
{
    {
        std::shared_lock<std::shared_mutex> read_first(first);    /* EXPECT cycle: forward holds first */
        std::unique_lock<std::shared_mutex> write_second(second); /* EXPECT cycle: forward wants second */
    }
    end_turn();
}

static void backward()
{
    wait_for_turn(1);
    std::shared_lock<std::shared_mutex> read_second(second); /* EXPECT cycle: backward holds second */
    std::unique_lock<std::shared_mutex> write_first(first);  /* EXPECT cycle: backward wants first */
}

int main()
{
    PLAY_TOGETHER(forward, backward);
    return 0;
}
