/* One thread is inside dlopen, and stays there until another one has taken locks in ways that are new to the recorder: a recorder
 * that needs the loader's lock for its stacks would wait for ever. */
/* EXPECT nothing: the locks are always taken in one order */
#include <dlfcn.h>

#include "guest.h"

pthread_barrier_t plugin_is_loading, others_have_locked;

static pthread_mutex_t outer = PTHREAD_MUTEX_INITIALIZER, inner = PTHREAD_MUTEX_INITIALIZER;

static void *load(void *plugin)
{
    require(dlopen(plugin, RTLD_NOW) != NULL, "a plug-in");
    return NULL;
}

static void recurse(int depth)
{
    if (depth)
        recurse(depth - 1);
    lock_both(&outer, &inner);
}

int main(int count, char **arguments)
{
    pthread_t loader;
    require(count == 1, "no arguments");
    (void)arguments;
    pthread_barrier_init(&plugin_is_loading, NULL, 2);
    pthread_barrier_init(&others_have_locked, NULL, 2);
    require(pthread_create(&loader, NULL, load, PLUGIN) == 0, "a thread");
    pthread_barrier_wait(&plugin_is_loading);
    recurse(20);
    pthread_barrier_wait(&others_have_locked);
    pthread_join(loader, NULL);
    puts("loaded");
    return 0;
}
