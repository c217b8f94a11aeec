/* A signal handler takes a mutex that the program takes elsewhere only with the signal blocked. */
/* EXPECT nothing: the handler cannot run meanwhile */
#include "../verdicts/actors.h"

#include <signal.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

static void handle(int number)
{
    (void)number;
    pthread_mutex_lock(&mutex);
    pthread_mutex_unlock(&mutex);
}

int main(void)
{
    sigset_t signals;
    signal(SIGUSR1, handle);
    sigemptyset(&signals);
    sigaddset(&signals, SIGUSR1);
    pthread_sigmask(SIG_BLOCK, &signals, NULL);
    pthread_mutex_lock(&mutex);
    pthread_mutex_unlock(&mutex);
    pthread_sigmask(SIG_UNBLOCK, &signals, NULL);
    raise(SIGUSR1);
    return 0;
}
