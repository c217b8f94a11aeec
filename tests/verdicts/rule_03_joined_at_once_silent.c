/* Threads are joined at once after their creation, mostly before they have begun to run. */
/* EXPECT nothing: main goes on after each join */
/* EXPECT limit witnesses */
#include "actors.h"

static pthread_mutex_t first = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t second = PTHREAD_MUTEX_INITIALIZER;

static void backward(void)
{
    pthread_mutex_lock(&second);
    pthread_mutex_lock(&first);
    pthread_mutex_unlock(&first);
    pthread_mutex_unlock(&second);
}

static void first_and_second(void)
{
    pthread_mutex_lock(&first);
    pthread_mutex_lock(&second);
    pthread_mutex_unlock(&second);
    pthread_mutex_unlock(&first);
}

static void create_and_join(void)
{
    pthread_t thread;
    require(pthread_create(&thread, NULL, enter, &(struct actor){.name = "backward", .play = backward}) == 0, "a thread");
    require(pthread_join(thread, NULL) == 0, "a thread that can be joined");
}

int main(void)
{
    pthread_setname_np(pthread_self(), "main");
    for (int i = 0; i < 100; i++) {
        create_and_join();
        first_and_second();
    }
    return 0;
}
