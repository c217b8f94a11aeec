/* A repair of left_then_right.c: forks are taken only while one holds the waiter's attention, and only one philosopher at a time
 * does. The forks are still taken in a circle, but never by two at once: the waiter is a guard, and lockorder has nothing to
 * report:
 *
 *     lockorder run -- build/release/samples/philosophers/asks_the_waiter */
/* EXPECT nothing: the waiter guards the circle */
#include "philosophers.h"

static pthread_mutex_t waiter = PTHREAD_MUTEX_INITIALIZER;

void eat(int seat)
{
    int left = seat, right = (seat + 1) % PHILOSOPHERS;
    pthread_mutex_lock(&waiter);
    pthread_mutex_lock(&forks[left]);
    pthread_mutex_lock(&forks[right]);
    pthread_mutex_unlock(&waiter);
    pthread_mutex_unlock(&forks[right]);
    pthread_mutex_unlock(&forks[left]);
}

int main(int argc, char **argv)
{
    return dine(argc, argv);
}
