/* A signal handler takes a mutex that the program takes elsewhere while the signal may come. */
#include "../verdicts/actors.h"

#include <signal.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

static void handle(int number)
{
    (void)number;
    pthread_mutex_lock(&mutex); /* EXPECT hazard: title mutex; fault signal_handler_ concerns mutex */
    pthread_mutex_unlock(&mutex);
}

int main(void)
{
    sigset_t signals;
    signal(SIGUSR1, handle);
    sigemptyset(&signals);
    sigaddset(&signals, SIGUSR1);
    pthread_sigmask(SIG_UNBLOCK, &signals, NULL);
    pthread_mutex_lock(&mutex); /* EXPECT hazard: related */
    pthread_mutex_unlock(&mutex);
    raise(SIGUSR1);
    return 0;
}
