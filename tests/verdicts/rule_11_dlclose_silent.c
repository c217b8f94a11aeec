/* A destructor that dlclose runs takes a lock; another thread holds that lock when it looks up a symbol. */
/* EXPECT nothing: who looks up a symbol runs no code of other modules */
#include <dlfcn.h>

#include "actors.h"

pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static void *plugin;

static void forward(void)
{
    dlclose(plugin);
    end_turn();
}

static void backward(void)
{
    wait_for_turn(1);
    pthread_mutex_lock(&mutex);
    require(dlsym(RTLD_DEFAULT, "mutex") == &mutex, "a symbol");
    pthread_mutex_unlock(&mutex);
}

int main(void)
{
    plugin = dlopen(PLUGIN, RTLD_NOW);
    require(plugin != NULL, "a plug-in");
    PLAY_TOGETHER(forward, backward);
    return 0;
}
