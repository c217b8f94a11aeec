/* A signal interrupts a thread while it waits for a lock. The thread does not hold it, so the handler takes its lock under no
 * other. */
/* EXPECT nothing: what is waited for is not held */
#include <signal.h>
#include <stdlib.h>

#include "actors.h"

enum { STACK = 65536, ROUNDS = 2 };

static pthread_mutex_t outer = PTHREAD_MUTEX_INITIALIZER, of_handler = PTHREAD_MUTEX_INITIALIZER;
static int handled;

static void handle(int signal)
{
    (void)signal;
    for (int i = 0; i < 2; i++) {
        pthread_mutex_lock(&of_handler);
        pthread_mutex_unlock(&of_handler);
    }
    __atomic_add_fetch(&handled, 1, __ATOMIC_RELEASE);
}

/* On a stack of their own, all calls of the handler look the same. */
static void forward(void)
{
    stack_t stack = {.ss_sp = malloc(STACK), .ss_size = STACK};
    require(stack.ss_sp && sigaltstack(&stack, NULL) == 0, "another stack");
    for (int round = 0; round < ROUNDS; round++) {
        pthread_mutex_lock(&outer);
        pthread_mutex_unlock(&outer);
        if (round == 0) {
            end_turn();
            wait_for_turn(2);
        }
    }
    end_turn();
    free(stack.ss_sp);
}

static void signal_who_waits(pthread_t thread)
{
    wait_for_turn(1);
    pthread_mutex_lock(&outer);
    end_turn();
    wait_until_waited_for(&outer);
    pthread_kill(thread, SIGUSR1);
    while (__atomic_load_n(&handled, __ATOMIC_ACQUIRE) == 0)
        sched_yield();
    pthread_mutex_unlock(&outer);
}

static void backward(void)
{
    sigset_t mask;
    sigemptyset(&mask);
    sigaddset(&mask, SIGUSR1);
    pthread_sigmask(SIG_BLOCK, &mask, NULL);
    wait_for_turn(3);
    pthread_mutex_lock(&of_handler);
    pthread_mutex_lock(&outer);
    pthread_mutex_unlock(&outer);
    pthread_mutex_unlock(&of_handler);
}

int main(void)
{
    struct sigaction action = {.sa_handler = handle, .sa_flags = SA_ONSTACK};
    sigaction(SIGUSR1, &action, NULL);
    struct actor *interrupted = START(forward), *other = START(backward);
    signal_who_waits(interrupted->thread);
    join(interrupted);
    join(other);
    return 0;
}
