/* A thread ends without unlocking what another one wants. */
/* EXPECT deadlock: title locker */
/* EXPECT misuse: title leaver */
#include "../verdicts/actors.h"

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

static void leaver(void)
{
    pthread_mutex_lock(&mutex);
}

static void locker(void)
{
    pthread_mutex_lock(&mutex);
}

int main(void)
{
    join(START(leaver));
    join(START(locker));
    return 0;
}
