/* Two threads give way to each other, at the same pace, until they are told to stop. */
#include "../verdicts/actors.h"

enum { ROUNDS = 40 };

static pthread_mutex_t left = PTHREAD_MUTEX_INITIALIZER, right = PTHREAD_MUTEX_INITIALIZER;
static pthread_barrier_t pace;

static void ann(void)
{
    for (int round = 0; round < ROUNDS; round++) {
        pthread_mutex_lock(&left);
        pthread_barrier_wait(&pace);
        require(pthread_mutex_trylock(&right) != 0, "a failure"); /* EXPECT hazard: subkind livelock; fault ann concerns left; suggests random */
        pthread_barrier_wait(&pace);
        pthread_mutex_unlock(&left);
    }
}

static void bob(void)
{
    for (int round = 0; round < ROUNDS; round++) {
        pthread_mutex_lock(&right);
        pthread_barrier_wait(&pace);
        require(pthread_mutex_trylock(&left) != 0, "a failure"); /* EXPECT hazard: title ann holds left and tries right, bob the other way round; related */
        pthread_barrier_wait(&pace);
        pthread_mutex_unlock(&right);
    }
}

int main(void)
{
    pthread_barrier_init(&pace, NULL, 2);
    PLAY_TOGETHER(ann, bob);
    return 0;
}
