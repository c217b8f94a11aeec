/* A thread takes the two locks before it joins one that takes them in the other order. */
#include "actors.h"

static pthread_mutex_t first = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t second = PTHREAD_MUTEX_INITIALIZER;

static struct actor *forward_actor;

static void forward(void)
{
    pthread_mutex_lock(&first);  /* EXPECT cycle: forward holds first */
    pthread_mutex_lock(&second); /* EXPECT cycle: forward wants second */
    pthread_mutex_unlock(&second);
    pthread_mutex_unlock(&first);
    end_turn();
}

static void joiner(void)
{
    wait_for_turn(1);
    pthread_mutex_lock(&second); /* EXPECT cycle: joiner holds second */
    pthread_mutex_lock(&first);  /* EXPECT cycle: joiner wants first */
    pthread_mutex_unlock(&first);
    pthread_mutex_unlock(&second);
    join(forward_actor);
}

int main(void)
{
    forward_actor = START(forward);
    join(START(joiner));
    return 0;
}
