/* A thread waits at a barrier while it holds a mutex that another participant takes on its way there. */
#include "../verdicts/actors.h"

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_barrier_t barrier;

static void holder(void)
{
    wait_for_turn(1);
    pthread_mutex_lock(&mutex); /* EXPECT hazard: related */
    pthread_barrier_wait(&barrier); /* EXPECT hazard: title while it holds mutex, which participant takes; fault holder concerns mutex */
    pthread_mutex_unlock(&mutex);
}

static void participant(void)
{
    pthread_mutex_lock(&mutex);
    pthread_mutex_unlock(&mutex);
    end_turn();
    pthread_barrier_wait(&barrier);
}

int main(void)
{
    pthread_barrier_init(&barrier, NULL, 2);
    PLAY_TOGETHER(holder, participant);
    return 0;
}
