/* One thread writes first and then reads second, the other one reads both, in the opposite order: of second, there are
 * only readers. */
/* EXPECT nothing: the thread that writes first does not wait for one that reads second */
#include "actors.h"

static pthread_rwlock_t first = PTHREAD_RWLOCK_INITIALIZER;
static pthread_rwlock_t second = PTHREAD_RWLOCK_INITIALIZER;

static void forward(void)
{
    pthread_rwlock_wrlock(&first);
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
