#include "philosophers.h"

#include <stdio.h>

#include "../stage.h"

enum { MEALS = 3 };

pthread_mutex_t forks[PHILOSOPHERS] = {PTHREAD_MUTEX_INITIALIZER, PTHREAD_MUTEX_INITIALIZER, PTHREAD_MUTEX_INITIALIZER,
                                       PTHREAD_MUTEX_INITIALIZER, PTHREAD_MUTEX_INITIALIZER};

static void sit_at(int seat)
{
    for (int meal = 0; meal < MEALS; meal++)
        eat(seat);
}

static void plato(void)
{
    sit_at(0);
}

static void kant(void)
{
    sit_at(1);
}

static void hume(void)
{
    sit_at(2);
}

static void hegel(void)
{
    sit_at(3);
}

static void marx(void)
{
    sit_at(4);
}

int dine(int argc, char **argv)
{
    const struct actor philosophers[PHILOSOPHERS] = {
        {"plato", plato}, {"kant", kant}, {"hume", hume}, {"hegel", hegel}, {"marx", marx}};
    stage_open(argc, argv);
    stage_play(philosophers, PHILOSOPHERS);
    puts("all have eaten");
    return 0;
}
