/* Of three threads in a chain one takes the guard: it guards nothing. */
#include "actors.h"

static pthread_mutex_t guard = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t first = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t second = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t third = PTHREAD_MUTEX_INITIALIZER;

static void one_two(void)
{
    pthread_mutex_lock(&guard);
    pthread_mutex_lock(&first);  /* EXPECT cycle: one_two holds first */
    pthread_mutex_lock(&second); /* EXPECT cycle: one_two wants second */
    pthread_mutex_unlock(&second);
    pthread_mutex_unlock(&first);
    pthread_mutex_unlock(&guard);
    end_turn();
}

static void two_three(void)
{
    wait_for_turn(1);
    pthread_mutex_lock(&second); /* EXPECT cycle: two_three holds second */
    pthread_mutex_lock(&third);  /* EXPECT cycle: two_three wants third */
    pthread_mutex_unlock(&third);
    pthread_mutex_unlock(&second);
    end_turn();
}

static void three_one(void)
{
    wait_for_turn(2);
    pthread_mutex_lock(&third); /* EXPECT cycle: three_one holds third */
    pthread_mutex_lock(&first); /* EXPECT cycle: three_one wants first */
    pthread_mutex_unlock(&first);
    pthread_mutex_unlock(&third);
    end_turn();
}

int main(void)
{
    struct actor *one = START(one_two), *two = START(two_three), *three = START(three_one);
    join(one);
    join(two);
    join(three);
    return 0;
}
