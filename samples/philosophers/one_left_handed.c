/* A repair of left_then_right.c: the last philosopher takes the right fork first. Then all take the fork with the lower number
 * first, and the circle is broken. lockorder has nothing to report:
 *
 *     lockorder run -- build/release/samples/philosophers/one_left_handed */
/* EXPECT nothing: the fork with the lower number comes first */
#include "philosophers.h"

void eat(int seat)
{
    int left = seat, right = (seat + 1) % PHILOSOPHERS;
    int first = seat == PHILOSOPHERS - 1 ? right : left;
    int second = seat == PHILOSOPHERS - 1 ? left : right;
    pthread_mutex_lock(&forks[first]);
    pthread_mutex_lock(&forks[second]);
    pthread_mutex_unlock(&forks[second]);
    pthread_mutex_unlock(&forks[first]);
}

int main(int argc, char **argv)
{
    return dine(argc, argv);
}
