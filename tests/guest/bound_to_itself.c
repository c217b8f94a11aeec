/* A plug-in that is loaded with RTLD_DEEPBIND calls the C library past every preloaded one: its calls are not seen. What it
 * leaves locked the program unlocks, and the other way round; what it unlocked is not taken for held. */
/* EXPECT nothing: one order, and nobody breaks a contract */
/* EXPECT limit witnesses */
#include <dlfcn.h>

#include "guest.h"

enum { ROUNDS = 100 };

static pthread_mutex_t first = PTHREAD_MUTEX_INITIALIZER, second = PTHREAD_MUTEX_INITIALIZER;
static void (*lock_unseen)(pthread_mutex_t *), (*unlock_unseen)(pthread_mutex_t *), (*work)(void);

static void *lock_in_the_other_order(void *unused)
{
    lock_both(&second, &first);
    return unused;
}

static void lock_here_and_there(void)
{
    lock_unseen(&second);
    pthread_mutex_lock(&first);
    pthread_mutex_unlock(&first);
    pthread_mutex_unlock(&second);

    pthread_mutex_lock(&first);
    unlock_unseen(&first);
    pthread_mutex_lock(&second); /* with nothing held */
    pthread_mutex_unlock(&second);
}

int main(void)
{
    void *plugin = dlopen(PLUGIN, RTLD_NOW | RTLD_DEEPBIND);
    require(plugin != NULL, "a plug-in");
    work = (void (*)(void))dlsym(plugin, "plugin_work");
    lock_unseen = (void (*)(pthread_mutex_t *))dlsym(plugin, "plugin_lock");
    unlock_unseen = (void (*)(pthread_mutex_t *))dlsym(plugin, "plugin_unlock");
    require(work && lock_unseen && unlock_unseen, "its functions");
    for (int i = 0; i < ROUNDS; i++) {
        pthread_t thread;
        work();
        lock_here_and_there();
        require(pthread_create(&thread, NULL, lock_in_the_other_order, NULL) == 0, "a thread");
        lock_here_and_there();
        pthread_join(thread, NULL);
    }
    puts("locked");
    return 0;
}
