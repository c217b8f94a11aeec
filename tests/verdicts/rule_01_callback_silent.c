/* A function that locks, calls back and unlocks, in one order of the locks. */
/* EXPECT nothing: first is always the outer one, third the inner one */
#include "actors.h"

static pthread_mutex_t first = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t second = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t third = PTHREAD_MUTEX_INITIALIZER;

static void nothing(void)
{
}

static void with(pthread_mutex_t *mutex, void (*action)(void))
{
    pthread_mutex_lock(mutex);
    action();
    pthread_mutex_unlock(mutex);
}

static void use_third(void)
{
    with(&third, nothing);
}

static void use_second(void)
{
    with(&second, use_third);
}

static void forward(void)
{
    with(&first, use_second);
    end_turn();
}

static void backward(void)
{
    wait_for_turn(1);
    with(&second, use_third);
    with(&first, use_second);
}

int main(void)
{
    PLAY_TOGETHER(forward, backward);
    return 0;
}
