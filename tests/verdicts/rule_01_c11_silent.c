/* Threads and mutexes of <threads.h>, in both orders; one thread has been joined before the other one starts. */
/* EXPECT nothing: thrd_join and thrd_create order the threads */
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
    mtx_lock(&first);
    mtx_lock(&second);
    mtx_unlock(&second);
    mtx_unlock(&first);
}

static void backward(void)
{
    mtx_lock(&second);
    mtx_lock(&first);
    mtx_unlock(&first);
    mtx_unlock(&second);
}

int main(void)
{
    thrd_t thread;
    mtx_init(&first, mtx_plain);
    mtx_init(&second, mtx_plain);
    require(thrd_create(&thread, play, (void *)forward) == thrd_success, "one thread");
    thrd_join(thread, NULL);
    require(thrd_create(&thread, play, (void *)backward) == thrd_success, "one thread more");
    thrd_join(thread, NULL);
    return 0;
}
