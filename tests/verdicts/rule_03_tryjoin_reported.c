/* A join that fails since the thread still runs, at once or after a time-out, orders nothing. */
#include <errno.h>
#include <time.h>

#include "actors.h"

static pthread_mutex_t first = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t second = PTHREAD_MUTEX_INITIALIZER;

static void backward(void)
{
    pthread_mutex_lock(&second); /* EXPECT cycle: backward holds second */
    pthread_mutex_lock(&first);  /* EXPECT cycle: backward wants first */
    pthread_mutex_unlock(&first);
    pthread_mutex_unlock(&second);
    end_turn();
    wait_for_turn(2);
}

int main(void)
{
    pthread_setname_np(pthread_self(), "main");
    struct actor *created = START(backward);
    struct timespec now;
    wait_for_turn(1);
    clock_gettime(CLOCK_REALTIME, &now);
    require(pthread_tryjoin_np(created->thread, NULL) == EBUSY, "a thread that runs");
    require(pthread_timedjoin_np(created->thread, NULL, &now) == ETIMEDOUT, "a thread that runs");
    pthread_mutex_lock(&first);  /* EXPECT cycle: main holds first */
    pthread_mutex_lock(&second); /* EXPECT cycle: main wants second */
    pthread_mutex_unlock(&second);
    pthread_mutex_unlock(&first);
    end_turn();
    join(created);
    return 0;
}
