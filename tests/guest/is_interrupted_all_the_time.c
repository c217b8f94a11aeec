/* A storm of signals, ten thousand a second, interrupts four threads wherever they are, also in the recorder; the handler locks,
 * in nested and in ever new ways. */
/* EXPECT nothing: one order, and handlers have locks of their own */
/* EXPECT perhaps limit reentered */
/* EXPECT perhaps limit witnesses */
#include <signal.h>
#include <time.h>

#include "guest.h"

enum { THREADS = 4, STORMS = 5000, OWN_LOCKS = 64 };

static pthread_mutex_t outer = PTHREAD_MUTEX_INITIALIZER;
static __thread pthread_mutex_t handlers_own[OWN_LOCKS];
static __thread unsigned next_lock;
static int handled;

static void handle(int signal)
{
    (void)signal;
    int saved_errno = errno;
    unsigned lock = next_lock++ % (OWN_LOCKS - 1);
    lock_both(&handlers_own[lock], &handlers_own[lock + 1]);
    __atomic_fetch_add(&handled, 1, __ATOMIC_RELAXED);
    errno = saved_errno;
}

static void *lock_until_it_is_over(void *unused)
{
    while (__atomic_load_n(&handled, __ATOMIC_RELAXED) < STORMS) {
        pthread_mutex_t *inner = malloc(sizeof *inner);
        pthread_mutex_init(inner, NULL);
        lock_both(&outer, inner);
        pthread_mutex_destroy(inner);
        free(inner);
    }
    return unused;
}

int main(void)
{
    struct sigaction action = {.sa_handler = handle, .sa_flags = SA_RESTART};
    struct sigevent event = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGPROF};
    struct itimerspec often = {{0, 100000}, {0, 100000}};
    pthread_t threads[THREADS];
    timer_t timer;
    sigset_t mask;
    sigemptyset(&mask);
    sigaddset(&mask, SIGPROF);
    sigaction(SIGPROF, &action, NULL);
    require(timer_create(CLOCK_MONOTONIC, &event, &timer) == 0 && timer_settime(timer, 0, &often, NULL) == 0, "a timer");
    for (int i = 0; i < THREADS; i++)
        require(pthread_create(&threads[i], NULL, lock_until_it_is_over, NULL) == 0, "a thread");
    pthread_sigmask(SIG_BLOCK, &mask, NULL); /* so that it hits the others */
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    timer_delete(timer);
    puts("over");
    return 0;
}
