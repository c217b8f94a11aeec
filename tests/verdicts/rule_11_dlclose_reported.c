/* A destructor that dlclose runs takes a lock; another thread holds that lock when it calls dlopen. */
#include <dlfcn.h>

#include "actors.h"

pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static void *plugin;

static void forward(void)
{
    /* PLACE closing */
    /* EXPECT cycle: forward holds "lock of the dynamic loader #N first locked at @closing forward" */
    dlclose(plugin);
    end_turn();
}

static void backward(void)
{
    wait_for_turn(1);
    pthread_mutex_lock(&mutex); /* EXPECT cycle: backward holds mutex */
    /* EXPECT cycle: backward wants "lock of the dynamic loader #N first locked at @closing forward" */
    require(dlopen("libc.so.6", RTLD_NOW) != NULL, "a library that is there already");
    pthread_mutex_unlock(&mutex);
}

int main(void)
{
    plugin = dlopen(PLUGIN, RTLD_NOW);
    require(plugin != NULL, "a plug-in");
    PLAY_TOGETHER(forward, backward);
    return 0;
}
