/* mtx_timedlock is a wait, which gives up. */
#include <threads.h>
#include <time.h>

#include "actors.h"

static mtx_t first, second;

/* In a minute. */
static struct timespec soon(void)
{
    struct timespec until;
    timespec_get(&until, TIME_UTC);
    until.tv_sec += 60;
    return until;
}

static void forward(void)
{
    struct timespec until = soon();
    mtx_lock(&first); /* EXPECT cycle: forward holds first */
    /* EXPECT cycle: forward wants second timed */
    require(mtx_timedlock(&second, &until) == thrd_success, "a free second");
    mtx_unlock(&second);
    mtx_unlock(&first);
    end_turn();
}

static void backward(void)
{
    wait_for_turn(1);
    mtx_lock(&second); /* EXPECT cycle: backward holds second */
    mtx_lock(&first);  /* EXPECT cycle: backward wants first */
    mtx_unlock(&first);
    mtx_unlock(&second);
}

int main(void)
{
    mtx_init(&first, mtx_timed);
    mtx_init(&second, mtx_timed);
    PLAY_TOGETHER(forward, backward);
    return 0;
}
