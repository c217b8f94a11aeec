/* Two std::mutex on the heap: nothing initialises them, so they are known by the place where they were locked first. */
#include <mutex>

#include "actors.h"

struct couple {
    std::mutex first, second;
};

static couple *pair;

static void forward()
{
    {
        /* EXPECT cycle: forward holds "mutex #N first locked at @first forward()" */
        std::lock_guard<std::mutex> hold_first(pair->first); /* PLACE first */
        /* EXPECT cycle: forward wants "mutex #N first locked at @second forward()" */
        std::lock_guard<std::mutex> hold_second(pair->second); /* PLACE second */
    }
    end_turn();
}

static void backward()
{
    wait_for_turn(1);
    /* EXPECT cycle: backward holds "mutex #N first locked at @second forward()" */
    std::lock_guard<std::mutex> hold_second(pair->second);
    /* EXPECT cycle: backward wants "mutex #N first locked at @first forward()" */
    std::lock_guard<std::mutex> hold_first(pair->first);
}

int main()
{
    pair = new couple;
    PLAY_TOGETHER(forward, backward);
    delete pair;
    return 0;
}
