/* A thread is joined while a mutex is held that it takes; this time, it had taken it before. */
#include "../verdicts/actors.h"

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

static void worker(void)
{
    pthread_mutex_lock(&mutex);
    pthread_mutex_unlock(&mutex);
    end_turn();
}

int main(void)
{
    struct actor *actor = START(worker);
    wait_for_turn(1);
    pthread_mutex_lock(&mutex); /* EXPECT hazard: related */
    pthread_join(actor->thread, NULL); /* EXPECT hazard: title while it holds mutex, which worker takes; fault join_holding_re concerns mutex */
    pthread_mutex_unlock(&mutex);
    return 0;
}
