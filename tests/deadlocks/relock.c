/* A thread locks a mutex that it has locked. Built for the kinds where that is to wait for ever. */
#include "../verdicts/actors.h"

static pthread_mutex_t mutex;

static void make(pthread_mutex_t *made)
{
    pthread_mutexattr_t attributes;
    pthread_mutexattr_init(&attributes);
    SET(&attributes, KIND);
    pthread_mutex_init(made, &attributes);
}

static void relocker(void)
{
    pthread_mutex_lock(&mutex); /* EXPECT deadlock: relocker holds mutex */
    pthread_mutex_lock(&mutex); /* EXPECT deadlock: relocker wants mutex */
}

int main(void)
{
    make(&mutex);
    join(START(relocker));
    return 0;
}
