/* std::call_once with nothing held. */
/* EXPECT nothing: nobody holds what the initialiser takes */
#include <mutex>
#include <stdexcept>

#include "actors.h"

static std::mutex mutex;
static std::once_flag once;

/* Fails the first time, so that the next thread has it to do. */
static void initialize()
{
    static int calls;
    if (++calls == 1)
        throw std::runtime_error("not yet");
    std::lock_guard<std::mutex> hold(mutex);
}

static void forward()
{
    try {
        std::call_once(once, initialize);
    } catch (const std::runtime_error &) {
        end_turn();
    }
}

static void backward()
{
    wait_for_turn(1);
    std::call_once(once, initialize);
}

int main()
{
    PLAY_TOGETHER(forward, backward);
    return 0;
}
