/* A thousand times, two threads close a circle at the same time: each of the circles is told once. Started with a number of
 * rounds. */
#include <sched.h>

#include "../verdicts/actors.h"

struct round {
    pthread_mutex_t mutexes[2];
    int arrived;
};

static void close_circle(struct round *round, int own)
{
    pthread_mutex_lock(&round->mutexes[own]);
    __atomic_add_fetch(&round->arrived, 1, __ATOMIC_ACQ_REL);
    while (__atomic_load_n(&round->arrived, __ATOMIC_ACQUIRE) < 2)
        sched_yield();
    pthread_mutex_lock(&round->mutexes[!own]);
}

static void *forward(void *round)
{
    close_circle(round, 0);
    return NULL;
}

static void *backward(void *round)
{
    close_circle(round, 1);
    return NULL;
}

int main(int argument_count, char **arguments)
{
    require(argument_count == 2, "a number of rounds");
    int rounds = atoi(arguments[1]);
    pthread_t thread;
    pthread_attr_t small;
    pthread_attr_init(&small);
    pthread_attr_setstacksize(&small, 65536);
    for (int i = 0; i < rounds; i++) {
        struct round *round = calloc(1, sizeof *round);
        require(pthread_create(&thread, &small, forward, round) == 0, "one thread more");
        require(pthread_create(&thread, &small, backward, round) == 0, "one thread more");
        wait_until_waited_for(&round->mutexes[0]);
        wait_until_waited_for(&round->mutexes[1]);
    }
    _exit(0);
}
