/* A plug-in with locks is loaded and unloaded a thousand times. */
/* EXPECT nothing: one order */
#include <dlfcn.h>

#include "guest.h"

int main(void)
{
    for (int i = 0; i < 1000; i++) {
        void *plugin = dlopen(PLUGIN, RTLD_NOW);
        require(plugin != NULL, "a plug-in");
        void (*work)(void) = (void (*)(void))dlsym(plugin, "plugin_work");
        require(work != NULL, "its function");
        work();
        require(dlclose(plugin) == 0, "to unload it");
    }
    puts("unloaded");
    return 0;
}
