/* A signal handler wants what the code holds that it interrupts. */
/* EXPECT hazard: title handler */
#include <signal.h>

#include "../verdicts/actors.h"

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

static void handle(int number)
{
    (void)number;
    pthread_mutex_lock(&mutex); /* EXPECT deadlock: locker wants mutex */
}

static void locker(void)
{
    signal(SIGUSR1, handle);
    pthread_mutex_lock(&mutex); /* EXPECT deadlock: locker holds mutex */
    raise(SIGUSR1);
}

int main(void)
{
    join(START(locker));
    return 0;
}
