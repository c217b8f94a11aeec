/* The loader of libraries has a lock, too, and holds it while constructors run. A plug-in's constructor takes a mutex of the
 * program's; another thread holds that mutex when it loads something. lockorder finds the cycle. (A hang, by --hang, it does not
 * recognise: it cannot see when a thread waits for the loader. With --stall-after it tells of the thread that waits for the
 * mutex.)
 *
 *     lockorder run -- build/release/samples/waiting/plugin_locks
 *     lockorder run --stall-after=1 -- build/release/samples/waiting/plugin_locks --hang
 *
 * The repair: constructors that lock nothing, and an explicit function to begin with. */
#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#include "../stage.h"

pthread_mutex_t settings = PTHREAD_MUTEX_INITIALIZER; /* the plug-in's constructor takes it */

static void load(void)
{
    /* PLACE loading */
    /* EXPECT cycle: starter holds "lock of the dynamic loader #N first locked at @loading load" */
    /* EXPECT cycle: changer wants "lock of the dynamic loader #N first locked at @loading load" */
    if (dlopen(PLUGIN, RTLD_NOW) != NULL)
        return;
    fprintf(stderr, "%s\n", dlerror());
    exit(1);
}

static void start_up(void)
{
    /* EXPECT cycle: starter holds "lock of the dynamic loader #N first locked at @loading load" called here */
    load();
}

static void change_settings(void)
{
    pthread_mutex_lock(&settings); /* EXPECT cycle: changer holds settings */
    stage_meet();
    /* EXPECT cycle: changer wants "lock of the dynamic loader #N first locked at @loading load" called here */
    load();
    pthread_mutex_unlock(&settings);
}

int main(int argc, char **argv)
{
    const struct actor actors[] = {{"starter", start_up}, {"changer", change_settings}};
    stage_open(argc, argv);
    stage_play(actors, 2);
    puts("loaded");
    return 0;
}
