/* A thread locks a recursive mutex that it holds. */
/* EXPECT nothing: a recursive mutex waits for nobody when its owner locks it */
#include "actors.h"

static pthread_mutex_t first = PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP;

static void relocker(void)
{
    pthread_mutex_lock(&first);
    pthread_mutex_lock(&first);
    pthread_mutex_unlock(&first);
    pthread_mutex_unlock(&first);
}

int main(void)
{
    join(START(relocker));
    return 0;
}
