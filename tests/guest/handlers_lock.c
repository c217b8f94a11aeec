/* A timer's signal interrupts the program wherever it is, and its handler locks. */
/* EXPECT nothing: one order, and the handler has a lock of its own */
/* EXPECT limit reentered */
#include <signal.h>
#include <sys/time.h>

#include "guest.h"

static pthread_mutex_t outer = PTHREAD_MUTEX_INITIALIZER;
static __thread pthread_mutex_t handlers_own = PTHREAD_MUTEX_INITIALIZER;
static volatile sig_atomic_t handled;

static void handle(int signal)
{
    (void)signal;
    pthread_mutex_lock(&handlers_own);
    handled++;
    pthread_mutex_unlock(&handlers_own);
}

int main(void)
{
    struct sigaction action = {.sa_handler = handle, .sa_flags = SA_RESTART};
    struct itimerval often = {{0, 100}, {0, 100}};
    sigaction(SIGPROF, &action, NULL);
    setitimer(ITIMER_PROF, &often, NULL);
    while (handled < 200) {
        for (int i = 0; i < 1000; i++) {
            pthread_mutex_t *inner = malloc(sizeof *inner);
            pthread_mutex_init(inner, NULL);
            lock_both(&outer, inner);
            pthread_mutex_destroy(inner);
            free(inner);
        }
    }
    puts("interrupted");
    return 0;
}
