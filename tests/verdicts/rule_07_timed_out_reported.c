/* A wait that ended by its time-out was a wait: what was held meanwhile counts. */
#include <errno.h>
#include <time.h>

#include "actors.h"

static pthread_mutex_t first = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t second = PTHREAD_MUTEX_INITIALIZER;

static void impatient(void)
{
    struct timespec until;
    clock_gettime(CLOCK_REALTIME, &until);
    wait_for_turn(1);
    pthread_mutex_lock(&first); /* EXPECT cycle: impatient holds first */
    /* EXPECT cycle: impatient wants second timed */
    require(pthread_mutex_timedlock(&second, &until) == ETIMEDOUT, "that second is taken");
    pthread_mutex_unlock(&first);
    end_turn();
}

static void owner(void)
{
    pthread_mutex_lock(&second); /* EXPECT cycle: owner holds second */
    end_turn();
    wait_for_turn(2);
    pthread_mutex_lock(&first); /* EXPECT cycle: owner wants first */
    pthread_mutex_unlock(&first);
    pthread_mutex_unlock(&second);
}

int main(void)
{
    PLAY_TOGETHER(impatient, owner);
    return 0;
}
