/* Two streams, locked by flockfile. */
#include "../verdicts/actors.h"

static FILE *first, *second;

static void forward(void)
{
    flockfile(first); /* EXPECT deadlock: forward holds "stdio stream #N first locked at @first forward" */
    end_turn();
    wait_for_turn(2);
    flockfile(second); /* EXPECT deadlock: forward wants "stdio stream #N first locked at @second backward" */
}

static void backward(void)
{
    flockfile(second); /* EXPECT deadlock: backward holds "stdio stream #N first locked at @second backward" */
    end_turn();
    wait_for_turn(2);
    flockfile(first); /* EXPECT deadlock: backward wants "stdio stream #N first locked at @first forward" */
}

int main(void)
{
    first = fopen("/dev/null", "w"); /* PLACE one */
    second = fopen("/dev/null", "w");
    PLAY_TOGETHER(forward, backward);
    return 0;
}
