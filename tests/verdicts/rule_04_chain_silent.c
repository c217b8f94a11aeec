/* Three threads, three locks; the last thread lets go of the third lock before it takes the first. */
/* EXPECT nothing: the chain first, second, third does not come back to its start */
#include "actors.h"

static pthread_mutex_t first = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t second = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t third = PTHREAD_MUTEX_INITIALIZER;

static void one_two(void)
{
    pthread_mutex_lock(&first);
    pthread_mutex_lock(&second);
    pthread_mutex_unlock(&second);
    pthread_mutex_unlock(&first);
    end_turn();
}

static void two_three(void)
{
    wait_for_turn(1);
    pthread_mutex_lock(&second);
    pthread_mutex_lock(&third);
    pthread_mutex_unlock(&third);
    pthread_mutex_unlock(&second);
    end_turn();
}

static void three_one(void)
{
    wait_for_turn(2);
    pthread_mutex_lock(&third);
    pthread_mutex_unlock(&third);
    pthread_mutex_lock(&first);
    pthread_mutex_unlock(&first);
}

int main(void)
{
    struct actor *one = START(one_two), *two = START(two_three), *three = START(three_one);
    join(one);
    join(two);
    join(three);
    return 0;
}
