/* A signal handler forks wherever the program is, also in the recorder; the child locks, and ends by _exit. */
/* EXPECT nothing: one order */
/* EXPECT perhaps limit reentered */
#include <signal.h>
#include <sys/wait.h>
#include <time.h>

#include "guest.h"

enum { FORKS = 150, LOCKS = 4096 };

static pthread_mutex_t outer = PTHREAD_MUTEX_INITIALIZER, of_child = PTHREAD_MUTEX_INITIALIZER;
static volatile sig_atomic_t forked, failed;

static void handle(int signal)
{
    (void)signal;
    int saved_errno = errno, status;
    pid_t child = fork();
    if (child == 0) {
        for (int i = 0; i < 10; i++)
            lock_both(&of_child, &(pthread_mutex_t)PTHREAD_MUTEX_INITIALIZER);
        _exit(7);
    }
    failed += waitpid(child, &status, 0) != child || !WIFEXITED(status) || WEXITSTATUS(status) != 7;
    forked++;
    errno = saved_errno;
}

int main(void)
{
    static pthread_mutex_t inner[LOCKS];
    struct sigaction action = {.sa_handler = handle, .sa_flags = SA_RESTART};
    struct sigevent event = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGPROF};
    timer_t timer;
    sigaction(SIGPROF, &action, NULL);
    require(timer_create(CLOCK_MONOTONIC, &event, &timer) == 0, "a timer");
    for (int i = 0, lock = 0; i < FORKS; i++) {
        struct itimerspec once = {.it_value = {0, 20000 + 997 * i}};
        timer_settime(timer, 0, &once, NULL);
        for (; forked == i; lock = (lock + 1) % LOCKS) {
            pthread_mutex_init(&inner[lock], NULL); /* another life of it: new to the recorder */
            lock_both(&outer, &inner[lock]);
        }
    }
    timer_delete(timer);
    require(failed == 0, "children that lock");
    puts("forked");
    return 0;
}
