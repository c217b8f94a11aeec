/* One thread reads an outer lock, the other one writes it: one of them is outside. */
/* EXPECT nothing: the outer lock is held in conflicting modes */
#include "actors.h"

static pthread_rwlock_t guard = PTHREAD_RWLOCK_INITIALIZER;
static pthread_mutex_t first = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t second = PTHREAD_MUTEX_INITIALIZER;

static void forward(void)
{
    pthread_rwlock_rdlock(&guard);
    pthread_mutex_lock(&first);
    pthread_mutex_lock(&second);
    pthread_mutex_unlock(&second);
    pthread_mutex_unlock(&first);
    pthread_rwlock_unlock(&guard);
    end_turn();
}

static void backward(void)
{
    wait_for_turn(1);
    pthread_rwlock_wrlock(&guard);
    pthread_mutex_lock(&second);
    pthread_mutex_lock(&first);
    pthread_mutex_unlock(&first);
    pthread_mutex_unlock(&second);
    pthread_rwlock_unlock(&guard);
}

int main(void)
{
    PLAY_TOGETHER(forward, backward);
    return 0;
}
