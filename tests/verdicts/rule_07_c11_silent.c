/* mtx_timedlock waits, mtx_trylock does not. */
/* EXPECT nothing: one of the two does not wait */
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
    mtx_lock(&first);
    require(mtx_timedlock(&second, &until) == thrd_success, "a free second");
    mtx_unlock(&second);
    mtx_unlock(&first);
    end_turn();
}

static void backward(void)
{
    wait_for_turn(1);
    mtx_lock(&second);
    require(mtx_trylock(&first) == thrd_success, "a free first");
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
