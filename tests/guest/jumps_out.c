/* Jumps out of functions that hold locks, deep and shallow, and out of signal handlers that hold locks; what is still locked is
 * unlocked where it lands. */
/* EXPECT nothing: one order */
/* EXPECT perhaps limit reentered */
#include <setjmp.h>
#include <signal.h>

#include "guest.h"

enum { ROUNDS = 2000, DEEPEST = 40 };

static pthread_mutex_t outer = PTHREAD_MUTEX_INITIALIZER, inner = PTHREAD_MUTEX_INITIALIZER,
                       of_handler = PTHREAD_MUTEX_INITIALIZER;
static jmp_buf landing;
static volatile int jumps = 1;
static sigjmp_buf landing_from_handler;

static void lock_and_jump(void)
{
    pthread_mutex_lock(&outer);
    pthread_mutex_lock(&inner);
    if (jumps)
        longjmp(landing, 1);
}

static void jump_from(int depth)
{
    if (depth > 0)
        jump_from(depth - 1);
    else
        lock_and_jump();
}

static void jump_out_of_function(int depth)
{
    if (setjmp(landing) == 0)
        jump_from(depth);
    require(pthread_mutex_trylock(&inner) == EBUSY, "a lock that is still held");
    pthread_mutex_unlock(&inner);
    pthread_mutex_unlock(&outer);
}

static void handle(int signal)
{
    (void)signal;
    pthread_mutex_lock(&of_handler);
    siglongjmp(landing_from_handler, 1);
}

static void jump_out_of_handler(void)
{
    if (sigsetjmp(landing_from_handler, 1) == 0)
        raise(SIGUSR1);
    pthread_mutex_unlock(&of_handler);
    lock_both(&outer, &inner);
}

int main(void)
{
    struct sigaction action = {.sa_handler = handle};
    sigaction(SIGUSR1, &action, NULL);
    for (int i = 0; i < ROUNDS; i++) {
        jump_out_of_function(i % DEEPEST);
        jump_out_of_handler();
    }
    puts("landed");
    return 0;
}
