/* A thread is joined long after it is over, when others have come and gone since. */
/* EXPECT nothing: main goes on after the join */
#include <signal.h>

#include "actors.h"

static pthread_mutex_t first = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t second = PTHREAD_MUTEX_INITIALIZER;
static pid_t forward_id;

static void forward(void)
{
    pthread_mutex_lock(&first);
    pthread_mutex_lock(&second);
    pthread_mutex_unlock(&second);
    pthread_mutex_unlock(&first);
    forward_id = gettid();
    end_turn();
}

static void bystander(void)
{
}

static void second_and_first(void)
{
    pthread_mutex_lock(&second);
    pthread_mutex_lock(&first);
    pthread_mutex_unlock(&first);
    pthread_mutex_unlock(&second);
}

/* The thread is over, though nobody has joined it yet. */
static void wait_until_forward_is_gone(void)
{
    wait_for_turn(1);
    while (tgkill(getpid(), forward_id, 0) == 0)
        sched_yield();
}

int main(void)
{
    pthread_setname_np(pthread_self(), "main");
    struct actor *ended = START(forward);
    wait_until_forward_is_gone();
    join(START(bystander));
    join(ended);
    second_and_first();
    return 0;
}
