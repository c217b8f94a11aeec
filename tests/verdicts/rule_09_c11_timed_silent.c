/* cnd_timedwait with nothing but its mutex held. */
/* EXPECT nothing: nothing is held when the mutex is taken again */
#include <threads.h>
#include <time.h>

#include "actors.h"

static mtx_t first, second;
static cnd_t condition;
static int is_signalled;

/* In a minute. */
static struct timespec soon(void)
{
    struct timespec until;
    timespec_get(&until, TIME_UTC);
    until.tv_sec += 60;
    return until;
}

static void nester(void)
{
    mtx_lock(&first);
    mtx_lock(&second);
    mtx_unlock(&second);
    mtx_unlock(&first);
    end_turn();
    wait_for_turn(2);
    mtx_lock(&first);
    is_signalled = 1;
    cnd_signal(&condition);
    mtx_unlock(&first);
}

static void waiter(void)
{
    struct timespec until = soon();
    wait_for_turn(1);
    mtx_lock(&first);
    end_turn();
    while (!is_signalled)
        require(cnd_timedwait(&condition, &first, &until) == thrd_success, "a signal");
    mtx_unlock(&first);
}

int main(void)
{
    mtx_init(&first, mtx_plain);
    mtx_init(&second, mtx_plain);
    cnd_init(&condition);
    PLAY_TOGETHER(nester, waiter);
    return 0;
}
