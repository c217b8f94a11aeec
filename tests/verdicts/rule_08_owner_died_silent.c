/* A robust mutex was left locked by a thread that ended, and never made consistent: it cannot be locked again. */
/* EXPECT nothing: what cannot be locked is not held */
#include <errno.h>

#include "actors.h"

static pthread_mutex_t first, second;

static void make(pthread_mutex_t *mutex)
{
    pthread_mutexattr_t attributes;
    pthread_mutexattr_init(&attributes);
    pthread_mutexattr_setrobust(&attributes, PTHREAD_MUTEX_ROBUST);
    pthread_mutex_init(mutex, &attributes);
}

static void leaver(void)
{
    pthread_mutex_lock(&first);
}

static void forward(void)
{
    require(pthread_mutex_lock(&first) == EOWNERDEAD, "a lock whose owner has died");
    pthread_mutex_unlock(&first);
    pthread_mutex_lock(&first);
    pthread_mutex_lock(&second);
    pthread_mutex_unlock(&second);
    end_turn();
}

static void backward(void)
{
    wait_for_turn(1);
    pthread_mutex_lock(&second);
    require(pthread_mutex_lock(&first) == ENOTRECOVERABLE, "a lock that is lost");
    pthread_mutex_unlock(&second);
}

int main(void)
{
    make(&first);
    make(&second);
    join(START(leaver));
    PLAY_TOGETHER(forward, backward);
    return 0;
}
