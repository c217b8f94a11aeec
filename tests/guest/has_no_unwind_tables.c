/* Locks are taken by code without unwind tables and symbols, called by code that has them, and calling back into such: stacks end
 * there, and nothing else does. */
/* EXPECT nothing: one order */
#include <dlfcn.h>

#include "guest.h"

static pthread_mutex_t outer = PTHREAD_MUTEX_INITIALIZER, inner = PTHREAD_MUTEX_INITIALIZER;
static void (*lock_there)(pthread_mutex_t *), (*unlock_there)(pthread_mutex_t *), (*work)(void);

static void recurse(int depth)
{
    if (depth > 0)
        recurse(depth - 1);
    lock_there(&outer);
    lock_there(&inner);
    work();
    unlock_there(&inner);
    unlock_there(&outer);
}

int main(void)
{
    void *plugin = dlopen(PLUGIN, RTLD_NOW);
    require(plugin != NULL, "a plug-in");
    work = (void (*)(void))dlsym(plugin, "plugin_work");
    lock_there = (void (*)(pthread_mutex_t *))dlsym(plugin, "plugin_lock");
    unlock_there = (void (*)(pthread_mutex_t *))dlsym(plugin, "plugin_unlock");
    require(work && lock_there && unlock_there, "its functions");
    recurse(20);
    puts("locked");
    return 0;
}
