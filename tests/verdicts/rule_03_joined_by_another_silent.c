/* A thread takes the two locks after it has joined one that takes them in the other order; main created both. */
/* EXPECT nothing: the joined thread is over when the joiner goes on */
#include "actors.h"

static pthread_mutex_t first = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t second = PTHREAD_MUTEX_INITIALIZER;

static struct actor *forward_actor;

static void forward(void)
{
    pthread_mutex_lock(&first);
    pthread_mutex_lock(&second);
    pthread_mutex_unlock(&second);
    pthread_mutex_unlock(&first);
}

static void joiner(void)
{
    join(forward_actor);
    pthread_mutex_lock(&second);
    pthread_mutex_lock(&first);
    pthread_mutex_unlock(&first);
    pthread_mutex_unlock(&second);
}

int main(void)
{
    forward_actor = START(forward);
    join(START(joiner));
    return 0;
}
