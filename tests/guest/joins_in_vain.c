/* pthread_join tells a thread that it would wait for its own end: that is no deadlock. */
/* EXPECT nothing: pthread_join returns an error */
#include "guest.h"

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

static void *join_itself(void *unused)
{
    pthread_mutex_lock(&mutex); /* so that there is a lock to be seen */
    pthread_mutex_unlock(&mutex);
    require(pthread_join(pthread_self(), NULL) == EDEADLK, "an error");
    return unused;
}

int main(void)
{
    pthread_t thread;
    require(pthread_create(&thread, NULL, join_itself, NULL) == 0, "a thread");
    require(pthread_join(thread, NULL) == 0, "a thread that can be joined");
    puts("refused");
    return 0;
}
