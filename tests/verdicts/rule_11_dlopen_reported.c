/* A constructor that dlopen runs takes a lock; another thread holds that lock when it calls dlopen. */
#include <dlfcn.h>

#include "actors.h"

pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

static void forward(void)
{
    /* PLACE opening */
    /* EXPECT cycle: forward holds "lock of the dynamic loader #N first locked at @opening forward" */
    require(dlopen(PLUGIN, RTLD_NOW) != NULL, "a plug-in");
    end_turn();
}

static void backward(void)
{
    wait_for_turn(1);
    pthread_mutex_lock(&mutex); /* EXPECT cycle: backward holds mutex */
    /* EXPECT cycle: backward wants "lock of the dynamic loader #N first locked at @opening forward" */
    require(dlopen(PLUGIN, RTLD_NOW) != NULL, "a plug-in that is there already");
    pthread_mutex_unlock(&mutex);
}

int main(void)
{
    PLAY_TOGETHER(forward, backward);
    return 0;
}
