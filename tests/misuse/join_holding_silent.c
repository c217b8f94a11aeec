/* A thread is joined while a mutex is held that it does not take. */
/* EXPECT nothing: another mutex */
#include "../verdicts/actors.h"

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

static void worker(void)
{
    pthread_mutex_lock(&mutex);
    pthread_mutex_unlock(&mutex);
    end_turn();
}

static pthread_mutex_t other = PTHREAD_MUTEX_INITIALIZER;

int main(void)
{
    struct actor *actor = START(worker);
    pthread_mutex_lock(&other);
    pthread_join(actor->thread, NULL);
    pthread_mutex_unlock(&other);
    return 0;
}
