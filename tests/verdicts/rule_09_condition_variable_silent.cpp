/* std::condition_variable::wait with nothing but its mutex held. */
/* EXPECT nothing: nothing is held when the mutex is taken again */
#include <condition_variable>
#include <mutex>

#include "actors.h"

static std::mutex first, second;
static std::condition_variable condition;
static bool is_signalled;

static void forward()
{
    {
        std::lock_guard<std::mutex> hold_first(first);
        std::lock_guard<std::mutex> hold_second(second);
    }
    end_turn();
    wait_for_turn(2);
    std::lock_guard<std::mutex> hold_first(first);
    is_signalled = true;
    condition.notify_one();
}

static void backward()
{
    wait_for_turn(1);
    std::unique_lock<std::mutex> hold_first(first);
    {
        std::lock_guard<std::mutex> hold_second(second);
    }
    end_turn();
    while (!is_signalled)
        condition.wait(hold_first);
}

int main()
{
    PLAY_TOGETHER(forward, backward);
    return 0;
}
