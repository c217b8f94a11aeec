/* A thread waits at a condition while it holds another mutex, which the same function has locked before, for another caller that
 * did not wait. */
#include <stdbool.h>

#include "../verdicts/actors.h"

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t outer = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t condition = PTHREAD_COND_INITIALIZER;
static bool done;

static void look(bool waits)
{
    pthread_mutex_lock(&outer); /* EXPECT hazard: related */
    pthread_mutex_lock(&mutex);
    if (waits)
        end_turn();
    while (waits && !done)
        /* EXPECT hazard: title while it holds outer; fault waiter concerns outer */
        pthread_cond_wait(&condition, &mutex);
    pthread_mutex_unlock(&mutex);
    pthread_mutex_unlock(&outer);
}

static void look_first(void)
{
    look(false);
}

static void look_again(void)
{
    look(true); /* EXPECT hazard: related called here */
}

static void waiter(void)
{
    for (int i = 0; i < 3; i++)
        look_first();
    look_again();
}

static void signaller(void)
{
    wait_for_turn(1);
    pthread_mutex_lock(&mutex);
    done = true;
    pthread_cond_signal(&condition);
    pthread_mutex_unlock(&mutex);
}

int main(void)
{
    PLAY_TOGETHER(waiter, signaller);
    return 0;
}
