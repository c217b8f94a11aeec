/* A signal handler locks what the program locks elsewhere: a signal that comes while the thread holds it makes the thread wait
 * for itself. By default it comes when nothing is held; lockorder reports the hazard. With --hang it comes at the wrong moment:
 *
 *     lockorder run -- build/release/samples/waiting/signal_handler
 *     lockorder run --on-deadlock=exit -- build/release/samples/waiting/signal_handler --hang
 *
 * Repairs: a handler that only sets a flag, or writes to a pipe; or the signal blocked while the lock is held. */
/* EXPECT --hang hazard: title handler */
#include <pthread.h>
#include <signal.h>
#include <stdio.h>

#include "../stage.h"

static pthread_mutex_t journal = PTHREAD_MUTEX_INITIALIZER;

static void on_signal(int number)
{
    (void)number;
    /* EXPECT hazard: title journal; fault clerk concerns journal */
    /* EXPECT --hang deadlock: clerk wants journal */
    pthread_mutex_lock(&journal);
    pthread_mutex_unlock(&journal);
}

static void keep_journal(void)
{
    signal(SIGUSR1, on_signal);
    /* EXPECT hazard: related */
    /* EXPECT --hang deadlock: clerk holds journal */
    pthread_mutex_lock(&journal);
    if (stage_hangs())
        raise(SIGUSR1);
    pthread_mutex_unlock(&journal);
    raise(SIGUSR1);
}

int main(int argc, char **argv)
{
    const struct actor clerk = {"clerk", keep_journal};
    stage_open(argc, argv);
    stage_play(&clerk, 1);
    puts("written");
    return 0;
}
