/* std::lock, with the locks in both orders, and with one of them taken: it lets go of the other one before it waits. */
/* EXPECT nothing: nobody waits while holding */
#include <mutex>

#include "actors.h"

static std::mutex first, second;

static void forward()
{
    first.lock();
    end_turn();
    wait_until_waited_for(first.native_handle());
    first.unlock();
    std::lock(first, second);
    first.unlock();
    second.unlock();
}

static void backward()
{
    wait_for_turn(1);
    for (int i = 0; i < 2; i++) {
        std::lock(second, first);
        first.unlock();
        second.unlock();
    }
}

int main()
{
    PLAY_TOGETHER(forward, backward);
    return 0;
}
