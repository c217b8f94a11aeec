/* std::mutex through std::lock_guard: each acquisition passes through two functions of the library, and the same thread has come
 * through them from other functions of the same stack depth before. Each stack must name the right one. */
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
    std::lock_guard<std::mutex> hold_first(first);   /* EXPECT cycle: forward holds first */
    std::lock_guard<std::mutex> hold_second(second); /* EXPECT cycle: forward wants second */
}

static void second_and_first()
{
    std::lock_guard<std::mutex> hold_second(second); /* EXPECT cycle: backward holds second */
    std::lock_guard<std::mutex> hold_first(first);   /* EXPECT cycle: backward wants first */
}

static void forward()
{
    first_and_third();
    second_and_third();
    first_and_second(); /* EXPECT cycle: forward holds first called here; forward wants second called here */
    end_turn();
}

static void backward()
{
    wait_for_turn(1);
    second_and_third();
    first_and_third();
    second_and_first(); /* EXPECT cycle: backward holds second called here; backward wants first called here */
}

int main()
{
    PLAY_TOGETHER(forward, backward);
    return 0;
}
