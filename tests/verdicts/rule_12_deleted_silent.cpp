/* Two std::mutex are deleted between the two orders; nothing destroys them but the end of their memory. */
/* EXPECT nothing: the locks of a deleted object are gone */
#include <cstdint>
#include <mutex>

#include "actors.h"

struct couple {
    std::mutex first, second;
};

static couple *pair;

/* The allocator gives the block that was freed last. */
static void replace_pair()
{
    std::uintptr_t former = reinterpret_cast<std::uintptr_t>(pair);
    delete pair;
    pair = new couple;
    require(reinterpret_cast<std::uintptr_t>(pair) == former, "the same block");
}

static void forward()
{
    {
        std::lock_guard<std::mutex> hold_first(pair->first);
        std::lock_guard<std::mutex> hold_second(pair->second);
    }
    replace_pair();
    end_turn();
}

static void backward()
{
    wait_for_turn(1);
    std::lock_guard<std::mutex> hold_second(pair->second);
    std::lock_guard<std::mutex> hold_first(pair->first);
}

int main()
{
    pair = new couple;
    PLAY_TOGETHER(forward, backward);
    delete pair;
    return 0;
}
