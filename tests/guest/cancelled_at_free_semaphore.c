/* Waiting for a semaphore is a cancellation point, even where there is something to take: a thread that was told to end takes
 * nothing, whoever told it: first nobody, then a plug-in that is bound past the recorder, then itself. And errno stays what it
 * was. */
/* EXPECT nothing: nothing is held meanwhile */
#include <dlfcn.h>
#include <semaphore.h>

#include "guest.h"

enum { WARM_UP = 100 };

static sem_t semaphore;
static int taken;

static void *take(void *told_to_end)
{
    for (taken = 0; taken < 2 * WARM_UP; taken++) {
        if (taken == WARM_UP && told_to_end)
            (*(int (**)(pthread_t))told_to_end)(pthread_self());
        errno = EXDEV;
        sem_wait(&semaphore);
        require(errno == EXDEV, "errno");
        sem_post(&semaphore);
    }
    return NULL;
}

static void check(int (**cancel)(pthread_t), const char *who)
{
    pthread_t thread;
    void *result;
    int value;
    require(pthread_create(&thread, NULL, take, cancel) == 0 && pthread_join(thread, &result) == 0, "a thread");
    require(sem_getvalue(&semaphore, &value) == 0 && value == 1, "a semaphore that is free again");
    require(taken == (cancel ? WARM_UP : 2 * WARM_UP) && (result == PTHREAD_CANCELED) == !!cancel, who);
}

int main(void)
{
    int (*cancel)(pthread_t) = pthread_cancel;
    sem_init(&semaphore, 0, 1);
    check(NULL, "told by nobody");
    void *plugin = dlopen(PLUGIN, RTLD_NOW | RTLD_DEEPBIND);
    require(plugin != NULL, "a plug-in");
    int (*cancel_unseen)(pthread_t) = (int (*)(pthread_t))dlsym(plugin, "plugin_cancel");
    require(cancel_unseen != NULL, "its function");
    check(&cancel_unseen, "told by the plug-in");
    check(&cancel, "told by itself");
    puts("cancelled");
    return 0;
}
