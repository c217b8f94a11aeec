/* A static local variable is initialised with a lock held that its constructor takes. */
#include <mutex>
#include <stdexcept>

#include "actors.h"

static std::mutex mutex;

/* Fails the first time, so that the next thread has it to do. */
struct resource {
    resource()
    {
        static int calls;
        if (++calls == 1)
            throw std::runtime_error("not yet");
        std::lock_guard<std::mutex> hold(mutex); /* EXPECT cycle: backward wants mutex */
    }
};

__attribute__((noinline)) static resource &instance()
{
    /* EXPECT cycle: forward wants "guard variable for instance()::only" */
    /* EXPECT cycle: backward holds "guard variable for instance()::only" */
    static resource only;
    return only;
}

static void forward()
{
    try {
        std::lock_guard<std::mutex> hold(mutex); /* EXPECT cycle: forward holds mutex */
        instance();
    } catch (const std::runtime_error &) {
        end_turn();
    }
}

static void backward()
{
    wait_for_turn(1);
    instance();
}

int main()
{
    PLAY_TOGETHER(forward, backward);
    return 0;
}
