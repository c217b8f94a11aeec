/* Threads and mutexes of <threads.h>, in both orders. */
#include <threads.h>

#include "actors.h"

static mtx_t first, second;

/* As actors.h does it, by <threads.h>. */
static int play(void *actor)
{
    ((void (*)(void))actor)();
    return 0;
}

static void forward(void)
{
    pthread_setname_np(pthread_self(), "forward");
    mtx_lock(&first);  /* EXPECT cycle: forward holds first */
    mtx_lock(&second); /* EXPECT cycle: forward wants second */
    mtx_unlock(&second);
    mtx_unlock(&first);
    end_turn();
}

static void backward(void)
{
    pthread_setname_np(pthread_self(), "backward");
    wait_for_turn(1);
    mtx_lock(&second); /* EXPECT cycle: backward holds second */
    mtx_lock(&first);  /* EXPECT cycle: backward wants first */
    mtx_unlock(&first);
    mtx_unlock(&second);
}

int main(void)
{
    thrd_t forward_thread, backward_thread;
    mtx_init(&first, mtx_plain);
    mtx_init(&second, mtx_plain);
    require(thrd_create(&forward_thread, play, (void *)forward) == thrd_success, "one thread");
    require(thrd_create(&backward_thread, play, (void *)backward) == thrd_success, "one thread more");
    thrd_join(forward_thread, NULL);
    thrd_join(backward_thread, NULL);
    return 0;
}
