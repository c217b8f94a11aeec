/* A try that is followed by a wait when it fails is a wait. It failed once, for another lock. */
#include "actors.h"

static pthread_mutex_t first = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t second = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t busy = PTHREAD_MUTEX_INITIALIZER;

static int waits;

/* Tries first, as interpreters do that would rather not let go of their own lock. */
__attribute__((noinline)) static void take(pthread_mutex_t *mutex)
{
    if (pthread_mutex_trylock(mutex) == 0) /* EXPECT cycle: forward wants second; backward wants first */
        return;
    pthread_mutex_lock(mutex);
    waits++;
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
    take(&busy);
    pthread_mutex_unlock(&busy);
    pthread_mutex_lock(&first); /* EXPECT cycle: forward holds first */
    take(&second);              /* EXPECT cycle: forward wants second called here */
    pthread_mutex_unlock(&first);
    pthread_mutex_unlock(&second);
    end_turn();
}

static void backward(void)
{
    wait_for_turn(2);
    pthread_mutex_lock(&second); /* EXPECT cycle: backward holds second */
    take(&first);                /* EXPECT cycle: backward wants first called here */
    pthread_mutex_unlock(&first);
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
