/* One thread takes both orders, another thread one of them: the cycle is between the two, and there is only one. */
#include "actors.h"

static pthread_mutex_t first = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t second = PTHREAD_MUTEX_INITIALIZER;

static void fickle(void)
{
    pthread_mutex_lock(&first);
    pthread_mutex_lock(&second);
    pthread_mutex_unlock(&second);
    pthread_mutex_unlock(&first);
    pthread_mutex_lock(&second); /* EXPECT cycle: fickle holds second */
    pthread_mutex_lock(&first);  /* EXPECT cycle: fickle wants first */
    pthread_mutex_unlock(&first);
    pthread_mutex_unlock(&second);
    end_turn();
}

static void steady(void)
{
    wait_for_turn(1);
    pthread_mutex_lock(&first);  /* EXPECT cycle: steady holds first */
    pthread_mutex_lock(&second); /* EXPECT cycle: steady wants second */
    pthread_mutex_unlock(&second);
    pthread_mutex_unlock(&first);
}

int main(void)
{
    PLAY_TOGETHER(fickle, steady);
    return 0;
}
