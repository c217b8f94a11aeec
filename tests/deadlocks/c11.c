/* Two mutexes of <threads.h>. */
#include <threads.h>

#include "../verdicts/actors.h"

static mtx_t first, second;

static void forward(void)
{
    mtx_lock(&first); /* EXPECT deadlock: forward holds first */
    end_turn();
    wait_for_turn(2);
    mtx_lock(&second); /* EXPECT deadlock: forward wants second */
}

static void backward(void)
{
    mtx_lock(&second); /* EXPECT deadlock: backward holds second */
    end_turn();
    wait_for_turn(2);
    mtx_lock(&first); /* EXPECT deadlock: backward wants first */
}

int main(void)
{
    mtx_init(&first, mtx_plain);
    mtx_init(&second, mtx_plain);
    PLAY_TOGETHER(forward, backward);
    return 0;
}
