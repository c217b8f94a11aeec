/* Both threads read an outer lock: that keeps neither of them out. */
#include "actors.h"

static pthread_rwlock_t guard = PTHREAD_RWLOCK_INITIALIZER;
static pthread_mutex_t first = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t second = PTHREAD_MUTEX_INITIALIZER;

static void forward(void)
{
    pthread_rwlock_rdlock(&guard);
    pthread_mutex_lock(&first);  /* EXPECT cycle: forward holds first */
    pthread_mutex_lock(&second); /* EXPECT cycle: forward wants second */
    pthread_mutex_unlock(&second);
    pthread_mutex_unlock(&first);
    pthread_rwlock_unlock(&guard);
    end_turn();
}

static void backward(void)
{
    wait_for_turn(1);
    pthread_rwlock_rdlock(&guard);
    pthread_mutex_lock(&second); /* EXPECT cycle: backward holds second */
    pthread_mutex_lock(&first);  /* EXPECT cycle: backward wants first */
    pthread_mutex_unlock(&first);
    pthread_mutex_unlock(&second);
    pthread_rwlock_unlock(&guard);
}

int main(void)
{
    PLAY_TOGETHER(forward, backward);
    return 0;
}
