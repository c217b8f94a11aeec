/* A mutex inside of reading, and reading inside of the mutex. */
/* EXPECT nothing: nobody writes the table */
#include "actors.h"

static pthread_rwlock_t table = PTHREAD_RWLOCK_INITIALIZER;
static pthread_mutex_t entry = PTHREAD_MUTEX_INITIALIZER;

static void forward(void)
{
    pthread_rwlock_rdlock(&table);
    pthread_mutex_lock(&entry);
    pthread_mutex_unlock(&entry);
    pthread_rwlock_unlock(&table);
    end_turn();
}

static void backward(void)
{
    wait_for_turn(1);
    pthread_mutex_lock(&entry);
    pthread_rwlock_rdlock(&table);
    pthread_rwlock_unlock(&table);
    pthread_mutex_unlock(&entry);
}

int main(void)
{
    PLAY_TOGETHER(forward, backward);
    return 0;
}
