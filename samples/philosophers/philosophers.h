/* Dijkstra's five philosophers at a round table, with a fork between each two of them: who eats needs both. How the forks are
 * taken is up to each program: see left_then_right.c first. */
#ifndef LOCKORDER_SAMPLES_PHILOSOPHERS_H
#define LOCKORDER_SAMPLES_PHILOSOPHERS_H

#include <pthread.h>

enum { PHILOSOPHERS = 5 };

extern pthread_mutex_t forks[PHILOSOPHERS];

/* Takes both forks, eats, and puts them back. The forks of philosopher `seat` are `seat` (left) and `seat + 1` (right, in a
 * circle). */
void eat(int seat);

int dine(int argc, char **argv);

#endif
