/* Each thread reads both locks, in opposite orders: readers do not wait for readers. */
/* EXPECT nothing: nobody writes */
#include "actors.h"

static pthread_rwlock_t first = PTHREAD_RWLOCK_INITIALIZER;
static pthread_rwlock_t second = PTHREAD_RWLOCK_INITIALIZER;

static void forward(void)
{
    pthread_rwlock_rdlock(&first);
    pthread_rwlock_rdlock(&second);
    pthread_rwlock_unlock(&second);
    pthread_rwlock_unlock(&first);
    end_turn();
}

static void backward(void)
{
    wait_for_turn(1);
    pthread_rwlock_rdlock(&second);
    pthread_rwlock_rdlock(&first);
    pthread_rwlock_unlock(&first);
    pthread_rwlock_unlock(&second);
}

int main(void)
{
    PLAY_TOGETHER(forward, backward);
    return 0;
}
