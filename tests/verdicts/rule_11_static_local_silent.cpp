/* A static local variable is initialised with nothing held. */
/* EXPECT nothing: nobody holds what the constructor takes */
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
        std::lock_guard<std::mutex> hold(mutex);
    }
};

__attribute__((noinline)) static resource &instance()
{
    static resource only;
    return only;
}

static void forward()
{
    try {
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
