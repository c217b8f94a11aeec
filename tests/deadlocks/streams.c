/* Two streams, locked by flockfile. */
/* EXPECT deadlock: title 2 threads are deadlocked */
#include "../verdicts/actors.h"

static FILE *first, *second;

static void forward(void)
{
    flockfile(first);
    end_turn();
    wait_for_turn(2);
    flockfile(second);
}

static void backward(void)
{
    flockfile(second);
    end_turn();
    wait_for_turn(2);
    flockfile(first);
}

int main(void)
{
    first = fopen("/dev/null", "w");
    second = fopen("/dev/null", "w");
    PLAY_TOGETHER(forward, backward);
    return 0;
}
