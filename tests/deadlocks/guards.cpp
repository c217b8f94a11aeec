/* Two static local variables of C++, each of whose initialisers needs the other one. */
#include "../verdicts/actors.h"

struct one {
    one();
};

struct other {
    other();
};

__attribute__((noinline)) static one &first()
{
    /* EXPECT deadlock: forward holds "guard variable for first()::only" */
    /* EXPECT deadlock: backward wants "guard variable for first()::only" */
    static one only;
    return only;
}

__attribute__((noinline)) static other &second()
{
    /* EXPECT deadlock: backward holds "guard variable for second()::only" */
    /* EXPECT deadlock: forward wants "guard variable for second()::only" */
    static other only;
    return only;
}

one::one()
{
    end_turn();
    wait_for_turn(2);
    second();
}

other::other()
{
    end_turn();
    wait_for_turn(2);
    first();
}

static void forward()
{
    first();
}

static void backward()
{
    second();
}

int main()
{
    PLAY_TOGETHER(forward, backward);
    return 0;
}
