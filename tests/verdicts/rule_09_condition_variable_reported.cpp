/* std::condition_variable::wait while another lock is held that was taken after the mutex. */
#include <condition_variable>
#include <mutex>

/* EXPECT hazard: title backward waits at a condition while it holds second */
#include "actors.h"

static std::mutex first, second;
static std::condition_variable condition;
static bool is_signalled;

static void forward()
{
    {
        std::lock_guard<std::mutex> hold_first(first);   /* EXPECT cycle: forward holds first */
        std::lock_guard<std::mutex> hold_second(second); /* EXPECT cycle: forward wants second */
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
    std::lock_guard<std::mutex> hold_second(second); /* EXPECT cycle: backward holds second */
    end_turn();
    while (!is_signalled)
        condition.wait(hold_first); /* EXPECT cycle: backward wants first condition */
}

int main()
{
    PLAY_TOGETHER(forward, backward);
    return 0;
}
