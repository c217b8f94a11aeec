/* A C program, without libgcc of its own, loads a C++ plug-in that throws: the exception must go through the unwinder that
 * belongs to it, and a cancelled thread through libc's. */
/* EXPECT nothing: one order */
#include <dlfcn.h>

#include "guest.h"

static void (*work)(void);

static void *wait_in_plugin(void *unused)
{
    work();
    return unused;
}

int main(void)
{
    void *plugin = dlopen(PLUGIN, RTLD_NOW);
    require(plugin != NULL, "a plug-in");
    int (*throws_and_catches)(void) = (int (*)(void))dlsym(plugin, "throws_and_catches");
    work = (void (*)(void))dlsym(plugin, "waits_to_be_cancelled");
    require(throws_and_catches && work, "its functions");
    printf("caught %d\n", throws_and_catches());
    pthread_t thread;
    void *result;
    require(pthread_create(&thread, NULL, wait_in_plugin, NULL) == 0, "a thread");
    pthread_cancel(thread);
    pthread_join(thread, &result);
    puts(result == PTHREAD_CANCELED ? "cancelled" : "not cancelled");
    return 0;
}
