/* A constructor that dlopen runs takes a lock; another thread holds that lock after it has called dlopen. */
/* EXPECT nothing: dlopen has returned, so its lock is not held any more */
#include <dlfcn.h>

#include "actors.h"

pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t inner = PTHREAD_MUTEX_INITIALIZER;

static void forward(void)
{
    require(dlopen(PLUGIN, RTLD_NOW) != NULL, "a plug-in");
    pthread_mutex_lock(&inner);
    pthread_mutex_unlock(&inner);
    end_turn();
}

static void backward(void)
{
    wait_for_turn(1);
    pthread_mutex_lock(&inner);
    require(dlopen(PLUGIN, RTLD_NOW) != NULL, "a plug-in that is there already");
    pthread_mutex_unlock(&inner);
}

int main(void)
{
    PLAY_TOGETHER(forward, backward);
    return 0;
}
