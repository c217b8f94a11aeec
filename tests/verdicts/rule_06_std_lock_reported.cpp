/* std::lock waits for the first of its locks like any other; a lock that is held meanwhile makes a cycle. */
#include <mutex>

#include "actors.h"

static std::mutex first, second, outer;

static void forward()
{
    {
        std::lock(first, second); /* EXPECT cycle: forward holds first */
        outer.lock();             /* EXPECT cycle: forward wants outer */
        outer.unlock();
        second.unlock();
        first.unlock();
    }
    end_turn();
}

static void backward()
{
    wait_for_turn(1);
    outer.lock();             /* EXPECT cycle: backward holds outer */
    std::lock(first, second); /* EXPECT cycle: backward wants first */
    first.unlock();
    second.unlock();
    outer.unlock();
}

int main()
{
    PLAY_TOGETHER(forward, backward);
    return 0;
}
