/* A thread locks a mutex of the default type that it holds: it waits for itself, for ever. An alarm ends the program. */
/* EXPECT death by SIGALRM */
#include "actors.h"

static pthread_mutex_t first = PTHREAD_MUTEX_INITIALIZER;

static void relocker(void)
{
    pthread_mutex_lock(&first); /* EXPECT deadlock: relocker holds first */
    alarm(1);
    pthread_mutex_lock(&first); /* EXPECT deadlock: relocker wants first; subkind self */
    pthread_mutex_unlock(&first);
}

int main(void)
{
    join(START(relocker));
    return 0;
}
