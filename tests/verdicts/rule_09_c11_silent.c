/* cnd_wait with nothing but its mutex held. */
/* EXPECT nothing: nothing is held when the mutex is taken again */
#include <threads.h>

#include "actors.h"

static mtx_t first, second;
static cnd_t condition;
static int is_signalled;

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
    wait_for_turn(1);
    mtx_lock(&first);
    end_turn();
    while (!is_signalled)
        cnd_wait(&condition, &first);
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
