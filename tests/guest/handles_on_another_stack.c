/* Signal handlers run on an alternate stack that is as small as the system allows, and lock in ever new ways. */
/* EXPECT nothing: handlers have a lock of their own */
/* EXPECT perhaps limit reentered */
#include <signal.h>

#include "guest.h"

enum { ROUNDS = 1000, ROOM = 4096 };

static pthread_mutex_t outer = PTHREAD_MUTEX_INITIALIZER, of_handler = PTHREAD_MUTEX_INITIALIZER, inner[ROUNDS];
static volatile sig_atomic_t handled;

static void handle(int signal)
{
    (void)signal;
    lock_both(&of_handler, &inner[handled]);
    handled++;
}

static void *handle_many(void *unused)
{
    size_t size = (size_t)sysconf(_SC_MINSIGSTKSZ) + ROOM;
    stack_t stack = {.ss_sp = malloc(size), .ss_size = size};
    require(stack.ss_sp && sigaltstack(&stack, NULL) == 0, "another stack");
    while (handled < ROUNDS) {
        lock_both(&outer, &(pthread_mutex_t)PTHREAD_MUTEX_INITIALIZER);
        raise(SIGUSR1);
    }
    stack.ss_flags = SS_DISABLE;
    sigaltstack(&stack, NULL);
    free(stack.ss_sp);
    return unused;
}

int main(void)
{
    struct sigaction action = {.sa_handler = handle, .sa_flags = SA_ONSTACK};
    pthread_t thread;
    sigaction(SIGUSR1, &action, NULL);
    require(pthread_create(&thread, NULL, handle_many, NULL) == 0, "a thread");
    pthread_join(thread, NULL);
    printf("handled %d\n", (int)handled);
    return 0;
}
