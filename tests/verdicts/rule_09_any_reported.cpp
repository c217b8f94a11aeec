/* std::condition_variable_any, waiting with a lock of its own choice while another one is held. */
/* EXPECT hazard: title backward waits at a condition while it holds second */
#include <condition_variable>
#include <mutex>
#include <shared_mutex>

#include "actors.h"

static std::mutex second;
static std::shared_mutex first;
static std::condition_variable_any condition;
static bool is_signalled;

static void forward()
{
    {
        std::unique_lock<std::shared_mutex> hold_first(first); /* EXPECT cycle: forward holds first */
        std::lock_guard<std::mutex> hold_second(second);       /* EXPECT cycle: forward wants second */
    }
    end_turn();
    wait_for_turn(2);
    std::lock_guard<std::shared_mutex> hold_first(first);
    is_signalled = true;
    condition.notify_one();
}

static void backward()
{
    wait_for_turn(1);
    std::unique_lock<std::shared_mutex> hold_first(first);
    std::lock_guard<std::mutex> hold_second(second); /* EXPECT cycle: backward holds second */
    end_turn();
    while (!is_signalled)
        /* EXPECT cycle: backward wants first */
        condition.wait(hold_first);
}

int main()
{
    PLAY_TOGETHER(forward, backward);
    return 0;
}
