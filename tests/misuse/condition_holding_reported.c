/* A thread waits at a condition while it holds another mutex: whoever needs that one to signal waits for ever. */
#include "../verdicts/actors.h"

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t outer = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t condition = PTHREAD_COND_INITIALIZER;
static int done;

static void waiter(void)
{
    pthread_mutex_lock(&outer); /* EXPECT hazard: related */
    pthread_mutex_lock(&mutex);
    end_turn();
    while (!done)
        /* EXPECT hazard: title while it holds outer; fault waiter concerns outer */
        pthread_cond_wait(&condition, &mutex);
    pthread_mutex_unlock(&mutex);
    pthread_mutex_unlock(&outer);
}

static void signaller(void)
{
    wait_for_turn(1);
    pthread_mutex_lock(&mutex);
    done = 1;
    pthread_cond_signal(&condition);
    pthread_mutex_unlock(&mutex);
}

int main(void)
{
    PLAY_TOGETHER(waiter, signaller);
    return 0;
}
