/* Each philosopher takes the left fork, then the right one. If all take the left one at the same time, all wait for the right one
 * for ever. By default one eats after the other, and lockorder finds the cycle of five; with --hang they starve, and it says so:
 *
 *     lockorder run -- build/release/samples/philosophers/left_then_right
 *     lockorder run --on-deadlock=exit -- build/release/samples/philosophers/left_then_right --hang
 *
 * Repairs: one_left_handed.c, asks_the_waiter.c, ordered_forks.c. */
#include "philosophers.h"

#include "../stage.h"

void eat(int seat)
{
    int left = seat, right = (seat + 1) % PHILOSOPHERS;
    /* EXPECT cycle: plato holds forks[0]; kant holds forks[1]; hume holds forks[2]; hegel holds forks[3]; marx holds forks[4] */
    /* EXPECT --hang deadlock: plato holds forks[0]; kant holds forks[1]; hume holds forks[2]; hegel holds forks[3];
     *               marx holds forks[4] */
    pthread_mutex_lock(&forks[left]);
    stage_meet();
    /* EXPECT cycle: plato wants forks[1]; kant wants forks[2]; hume wants forks[3]; hegel wants forks[4]; marx wants forks[0] */
    /* EXPECT --hang deadlock: plato wants forks[1]; kant wants forks[2]; hume wants forks[3]; hegel wants forks[4];
     *               marx wants forks[0] */
    pthread_mutex_lock(&forks[right]);
    pthread_mutex_unlock(&forks[right]);
    pthread_mutex_unlock(&forks[left]);
}

int main(int argc, char **argv)
{
    return dine(argc, argv);
}
