/* A thread waits on a condition after it has released the other lock. */
/* EXPECT nothing: nothing is held when the mutex is taken again */
#include "actors.h"

static pthread_mutex_t first = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t second = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t condition = PTHREAD_COND_INITIALIZER;
static int is_signalled;

static void nester(void)
{
    pthread_mutex_lock(&first);
    pthread_mutex_lock(&second);
    pthread_mutex_unlock(&second);
    pthread_mutex_unlock(&first);
    end_turn();
    wait_for_turn(2);
    pthread_mutex_lock(&first);
    is_signalled = 1;
    pthread_cond_signal(&condition);
    pthread_mutex_unlock(&first);
}

static void waiter(void)
{
    wait_for_turn(1);
    pthread_mutex_lock(&first);
    pthread_mutex_lock(&second);
    pthread_mutex_unlock(&second);
    end_turn();
    while (!is_signalled)
        pthread_cond_wait(&condition, &first);
    pthread_mutex_unlock(&first);
}

int main(void)
{
    PLAY_TOGETHER(nester, waiter);
    return 0;
}
