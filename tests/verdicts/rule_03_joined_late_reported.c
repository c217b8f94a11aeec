/* A thread that is over is joined only after main has taken the two locks: that it was over in this run was luck. */
#include <signal.h>

#include "actors.h"

static pthread_mutex_t first = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t second = PTHREAD_MUTEX_INITIALIZER;
static pid_t forward_id;

static void forward(void)
{
    pthread_mutex_lock(&first);  /* EXPECT cycle: forward holds first */
    pthread_mutex_lock(&second); /* EXPECT cycle: forward wants second */
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
    pthread_mutex_lock(&second); /* EXPECT cycle: main holds second */
    pthread_mutex_lock(&first);  /* EXPECT cycle: main wants first */
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
    second_and_first();
    join(ended);
    return 0;
}
