/* Each reads what the other one wants to write. */
#include "../verdicts/actors.h"

static pthread_rwlock_t first = PTHREAD_RWLOCK_INITIALIZER;
static pthread_rwlock_t second = PTHREAD_RWLOCK_INITIALIZER;

static void forward(void)
{
    pthread_rwlock_rdlock(&first); /* EXPECT deadlock: forward holds first */
    end_turn();
    wait_for_turn(2);
    pthread_rwlock_wrlock(&second); /* EXPECT deadlock: forward wants second */
}

static void backward(void)
{
    pthread_rwlock_rdlock(&second); /* EXPECT deadlock: backward holds second */
    end_turn();
    wait_for_turn(2);
    pthread_rwlock_wrlock(&first); /* EXPECT deadlock: backward wants first */
}

int main(void)
{
    PLAY_TOGETHER(forward, backward);
    return 0;
}
