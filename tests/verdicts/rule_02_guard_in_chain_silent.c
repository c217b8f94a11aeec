/* Of three threads in a chain two take the guard, the third one does not. */
/* EXPECT nothing: the first and the last thread keep each other out, whatever the one between them does */
#include "actors.h"

static pthread_mutex_t guard = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t first = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t second = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t third = PTHREAD_MUTEX_INITIALIZER;

static void one_two(void)
{
    pthread_mutex_lock(&guard);
    pthread_mutex_lock(&first);
    pthread_mutex_lock(&second);
    pthread_mutex_unlock(&second);
    pthread_mutex_unlock(&first);
    pthread_mutex_unlock(&guard);
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
    pthread_mutex_lock(&guard);
    pthread_mutex_lock(&third);
    pthread_mutex_lock(&first);
    pthread_mutex_unlock(&first);
    pthread_mutex_unlock(&third);
    pthread_mutex_unlock(&guard);
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
