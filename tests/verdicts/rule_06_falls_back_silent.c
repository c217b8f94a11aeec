/* A try that fails makes the thread let go of what it holds, before it waits. */
/* EXPECT nothing: nobody waits while holding what was tried with */
#include "actors.h"

static pthread_mutex_t first = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t second = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t busy = PTHREAD_MUTEX_INITIALIZER;

/* Waits only with nothing held. */
__attribute__((noinline)) static void take_both(pthread_mutex_t *outer, pthread_mutex_t *inner)
{
    pthread_mutex_lock(outer);
    if (pthread_mutex_trylock(inner) == 0)
        return;
    pthread_mutex_unlock(outer);
    pthread_mutex_lock(inner);
    pthread_mutex_unlock(inner);
    take_both(outer, inner);
}

static void owner(void)
{
    pthread_mutex_lock(&busy);
    end_turn();
    wait_until_waited_for(&busy);
    pthread_mutex_unlock(&busy);
}

static void forward(void)
{
    wait_for_turn(1);
    take_both(&first, &busy);
    pthread_mutex_unlock(&busy);
    pthread_mutex_unlock(&first);
    end_turn();
}

static void backward(void)
{
    wait_for_turn(2);
    take_both(&second, &busy);
    pthread_mutex_unlock(&busy);
    pthread_mutex_unlock(&second);
    take_both(&busy, &second);
    pthread_mutex_unlock(&busy);
    pthread_mutex_unlock(&second);
}

int main(void)
{
    struct actor *actor_owner = START(owner), *actor_forward = START(forward), *actor_backward = START(backward);
    join(actor_owner);
    join(actor_forward);
    join(actor_backward);
    return 0;
}
