/* Two threads wait at one condition at the same time, with different mutexes. */
#include "../verdicts/actors.h"

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t other = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t condition = PTHREAD_COND_INITIALIZER;
static const struct timespec long_ago = {.tv_sec = 1};
static int done;

static void one(void)
{
    pthread_mutex_lock(&mutex);
    end_turn();
    while (!done)
        pthread_cond_wait(&condition, &mutex); /* EXPECT misuse: related */
    pthread_mutex_unlock(&mutex);
}

static void another(void)
{
    wait_for_turn(1);
    pthread_mutex_lock(&mutex); /* free once the other one waits */
    pthread_mutex_unlock(&mutex);
    pthread_mutex_lock(&other);
    /* EXPECT misuse: title threads wait at one condition with two mutexes: another with other, one with mutex; fault another concerns mutex */
    pthread_cond_timedwait(&condition, &other, &long_ago);
    pthread_mutex_unlock(&other);
    pthread_mutex_lock(&mutex);
    done = 1;
    pthread_cond_broadcast(&condition);
    pthread_mutex_unlock(&mutex);
}

int main(void)
{
    PLAY_TOGETHER(one, another);
    return 0;
}
