/* std::lock of two and of three, in opposite orders, by threads that are at it all the time: its tries fail often, and it gives
 * way, but it begins its next round with a wait for the very lock that it failed to get. */
/* EXPECT nothing: somebody always gets on */
/* EXPECT perhaps limit witnesses */
#include <mutex>

#include "../verdicts/actors.h"

enum { ROUNDS = 50000 };

static std::mutex first, second, third;

static void forward()
{
    for (int round = 0; round < ROUNDS; round++) {
        std::scoped_lock two(first, second);
        sched_yield();
    }
    for (int round = 0; round < ROUNDS; round++)
        std::scoped_lock three(first, second, third);
}

static void backward()
{
    for (int round = 0; round < ROUNDS; round++) {
        std::scoped_lock two(second, first);
        sched_yield();
    }
    for (int round = 0; round < ROUNDS; round++)
        std::scoped_lock three(third, second, first);
}

int main()
{
    PLAY_TOGETHER(forward, backward);
    return 0;
}
