/* A function that locks, calls back and unlocks: it releases what it took, and yet it is reached from several callers at one
 * stack depth. The stack of the held lock must name the caller that led to the nested one. */
#include "actors.h"

static pthread_mutex_t first = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t second = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t third = PTHREAD_MUTEX_INITIALIZER;

static void nothing(void)
{
}

static void with(pthread_mutex_t *mutex, void (*action)(void))
{
    /* EXPECT cycle: forward holds first; forward wants second; backward holds second; backward wants first */
    pthread_mutex_lock(mutex);
    action();
    pthread_mutex_unlock(mutex);
}

static void use_first(void)
{
    with(&first, nothing); /* EXPECT cycle: backward wants first called here */
}

static void use_second(void)
{
    with(&second, nothing); /* EXPECT cycle: forward wants second called here */
}

static void use_third(void)
{
    with(&third, nothing);
}

static void harmless(pthread_mutex_t *mutex)
{
    with(mutex, nothing);
    with(mutex, use_third);
}

static void first_then_second(void)
{
    with(&first, use_second); /* EXPECT cycle: forward holds first called here */
}

static void second_then_first(void)
{
    with(&second, use_first); /* EXPECT cycle: backward holds second called here */
}

static void forward(void)
{
    for (int i = 0; i < 3; i++)
        harmless(&first);
    first_then_second(); /* EXPECT cycle: forward holds first called here; forward wants second called here */
    harmless(&first);
    end_turn();
}

static void backward(void)
{
    wait_for_turn(1);
    for (int i = 0; i < 3; i++)
        harmless(&second);
    second_then_first(); /* EXPECT cycle: backward holds second called here; backward wants first called here */
    harmless(&second);
}

int main(void)
{
    PLAY_TOGETHER(forward, backward);
    return 0;
}
