/* A thread waits once for a lock that another one holds; nobody waits for the other lock, which is nested. */
#include "../verdicts/actors.h"

static pthread_mutex_t contended = PTHREAD_MUTEX_INITIALIZER, inner = PTHREAD_MUTEX_INITIALIZER;

static void holder(void)
{
    pthread_mutex_lock(&contended); /* PLACE held */
    pthread_mutex_lock(&inner);
    pthread_mutex_unlock(&inner);
    end_turn();
    wait_until_waited_for(&contended);
    pthread_mutex_unlock(&contended);
}

static void waiter(void)
{
    wait_for_turn(1);
    pthread_mutex_lock(&contended); /* PLACE wanted */
    pthread_mutex_unlock(&contended);
}

int main(void)
{
    PLAY_TOGETHER(holder, waiter);
    return 0;
}
