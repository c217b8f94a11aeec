/* A thread that has opened a library waits at a condition. Compiled without unwind tables: the stack does not say that the call of
 * dlopen has returned. */
#include <dlfcn.h>

#include "../verdicts/actors.h"

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t condition = PTHREAD_COND_INITIALIZER;
static int done;

static void open_library(void)
{
    require(dlopen("libm.so.6", RTLD_NOW) != NULL, "the library of mathematics");
}

static void waiter(void)
{
    open_library();
    pthread_mutex_lock(&mutex);
    end_turn();
    while (!done) /* EXPECT nothing: dlopen has returned */
        pthread_cond_wait(&condition, &mutex);
    pthread_mutex_unlock(&mutex);
}

static void signaller(void)
{
    open_library();
    wait_for_turn(1);
    pthread_mutex_lock(&mutex);
    done = 1;
    pthread_cond_signal(&condition);
    pthread_mutex_unlock(&mutex);
}

int main(void)
{
    PLAY_TOGETHER(waiter, signaller);
    return 0;
}
