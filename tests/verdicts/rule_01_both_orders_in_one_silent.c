/* One thread takes both orders; another takes the locks one after the other. */
/* EXPECT nothing: both orders are one thread's, and the other thread holds nothing while it waits */
#include "actors.h"

static pthread_mutex_t first = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t second = PTHREAD_MUTEX_INITIALIZER;

static void fickle(void)
{
    pthread_mutex_lock(&first);
    pthread_mutex_lock(&second);
    pthread_mutex_unlock(&second);
    pthread_mutex_unlock(&first);
    pthread_mutex_lock(&second);
    pthread_mutex_lock(&first);
    pthread_mutex_unlock(&first);
    pthread_mutex_unlock(&second);
    end_turn();
}

static void steady(void)
{
    wait_for_turn(1);
    pthread_mutex_lock(&first);
    pthread_mutex_unlock(&first);
    pthread_mutex_lock(&second);
    pthread_mutex_unlock(&second);
}

int main(void)
{
    PLAY_TOGETHER(fickle, steady);
    return 0;
}
