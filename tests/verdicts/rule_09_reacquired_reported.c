/* A thread waits on a condition while it holds another lock, taken after the mutex: at the end of the wait it waits for the
 * mutex. */
/* EXPECT hazard: title waiter waits at a condition while it holds second */
#include "actors.h"

static pthread_mutex_t first = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t second = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t condition = PTHREAD_COND_INITIALIZER;
static int is_signalled;

static void nester(void)
{
    pthread_mutex_lock(&first);  /* EXPECT cycle: nester holds first */
    pthread_mutex_lock(&second); /* EXPECT cycle: nester wants second */
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
    pthread_mutex_lock(&second); /* EXPECT cycle: waiter holds second */
    end_turn();
    while (!is_signalled)
        /* EXPECT cycle: waiter wants first condition */
        pthread_cond_wait(&condition, &first);
    pthread_mutex_unlock(&second);
    pthread_mutex_unlock(&first);
}

int main(void)
{
    PLAY_TOGETHER(nester, waiter);
    return 0;
}
