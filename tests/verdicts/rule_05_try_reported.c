/* What was taken by a try is held like any other: one thread tries to read, the other one to write. */
#include "actors.h"

static pthread_rwlock_t first = PTHREAD_RWLOCK_INITIALIZER;
static pthread_rwlock_t second = PTHREAD_RWLOCK_INITIALIZER;

static void forward(void)
{
    /* EXPECT cycle: forward holds first */
    require(pthread_rwlock_tryrdlock(&first) == 0, "a free first");
    pthread_rwlock_wrlock(&second); /* EXPECT cycle: forward wants second */
    pthread_rwlock_unlock(&second);
    pthread_rwlock_unlock(&first);
    end_turn();
}

static void backward(void)
{
    wait_for_turn(1);
    /* EXPECT cycle: backward holds second */
    require(pthread_rwlock_trywrlock(&second) == 0, "a free second");
    pthread_rwlock_wrlock(&first); /* EXPECT cycle: backward wants first */
    pthread_rwlock_unlock(&first);
    pthread_rwlock_unlock(&second);
}

int main(void)
{
    PLAY_TOGETHER(forward, backward);
    return 0;
}
