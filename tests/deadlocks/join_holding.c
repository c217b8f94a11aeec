/* A thread joins another one while it holds the lock that this one wants. */
/* EXPECT deadlock: title joiner */
#include "../verdicts/actors.h"

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

static void locker(void)
{
    wait_for_turn(1);
    pthread_mutex_lock(&mutex);
}

static void joiner(void)
{
    struct actor *locker_actor = START(locker);
    pthread_mutex_lock(&mutex);
    end_turn();
    join(locker_actor);
}

int main(void)
{
    join(START(joiner));
    return 0;
}
