/* Each thread reads one lock and wants to write the other one: a writer waits for readers. */
#include "actors.h"

static pthread_rwlock_t first = PTHREAD_RWLOCK_INITIALIZER;
static pthread_rwlock_t second = PTHREAD_RWLOCK_INITIALIZER;

static void forward(void)
{
    pthread_rwlock_rdlock(&first);  /* EXPECT cycle: forward holds first */
    pthread_rwlock_wrlock(&second); /* EXPECT cycle: forward wants second */
    pthread_rwlock_unlock(&second);
    pthread_rwlock_unlock(&first);
    end_turn();
}

static void backward(void)
{
    wait_for_turn(1);
    pthread_rwlock_rdlock(&second); /* EXPECT cycle: backward holds second */
    pthread_rwlock_wrlock(&first);  /* EXPECT cycle: backward wants first */
    pthread_rwlock_unlock(&first);
    pthread_rwlock_unlock(&second);
}

int main(void)
{
    PLAY_TOGETHER(forward, backward);
    return 0;
}
