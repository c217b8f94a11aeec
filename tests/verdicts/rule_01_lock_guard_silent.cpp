/* The same wrappers and functions, one order. */
/* EXPECT nothing: both threads take first before second, and each before third */
#include <mutex>

#include "actors.h"

static std::mutex first, second, third;

static void first_and_third()
{
    std::lock_guard<std::mutex> hold_first(first);
    std::lock_guard<std::mutex> hold_third(third);
}

static void second_and_third()
{
    std::lock_guard<std::mutex> hold_second(second);
    std::lock_guard<std::mutex> hold_third(third);
}

static void first_and_second()
{
    std::lock_guard<std::mutex> hold_first(first);
    std::lock_guard<std::mutex> hold_second(second);
}

static void forward()
{
    first_and_third();
    second_and_third();
    first_and_second();
    end_turn();
}

static void backward()
{
    wait_for_turn(1);
    first_and_second();
    second_and_third();
    first_and_third();
}

int main()
{
    PLAY_TOGETHER(forward, backward);
    return 0;
}
