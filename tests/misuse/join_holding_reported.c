/* A thread is joined while a mutex is held that it takes; this time, it had taken it before. The same function has locked for
 * another caller before. */
#include "../verdicts/actors.h"

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

static void worker(void)
{
    pthread_mutex_lock(&mutex);
    pthread_mutex_unlock(&mutex);
    end_turn();
}

static void join_locked(struct actor *actor)
{
    pthread_mutex_lock(&mutex); /* EXPECT hazard: related */
    if (actor)
        /* EXPECT hazard: title while it holds mutex, which worker takes; fault join_holding_re concerns mutex */
        pthread_join(actor->thread, NULL);
    pthread_mutex_unlock(&mutex);
}

/* Both with the same frame. */
static void only_lock(struct actor *actor)
{
    require(!actor, "nobody to be joined");
    join_locked(NULL);
}

static void join_all(struct actor *actor)
{
    require(actor != NULL, "somebody to be joined");
    join_locked(actor); /* EXPECT hazard: related called here */
}

int main(void)
{
    for (int i = 0; i < 3; i++)
        only_lock(NULL);
    struct actor *actor = START(worker);
    wait_for_turn(1);
    join_all(actor);
    return 0;
}
