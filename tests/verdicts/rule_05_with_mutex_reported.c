/* A mutex inside of reading, and writing inside of the mutex. */
#include "actors.h"

static pthread_rwlock_t table = PTHREAD_RWLOCK_INITIALIZER;
static pthread_mutex_t entry = PTHREAD_MUTEX_INITIALIZER;

static void forward(void)
{
    pthread_rwlock_rdlock(&table); /* EXPECT cycle: forward holds table */
    pthread_mutex_lock(&entry);    /* EXPECT cycle: forward wants entry */
    pthread_mutex_unlock(&entry);
    pthread_rwlock_unlock(&table);
    end_turn();
}

static void backward(void)
{
    wait_for_turn(1);
    pthread_mutex_lock(&entry);    /* EXPECT cycle: backward holds entry */
    pthread_rwlock_wrlock(&table); /* EXPECT cycle: backward wants table */
    pthread_rwlock_unlock(&table);
    pthread_mutex_unlock(&entry);
}

int main(void)
{
    PLAY_TOGETHER(forward, backward);
    return 0;
}
