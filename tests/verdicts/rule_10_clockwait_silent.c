/* sem_clockwait, at a semaphore that main posts. */
/* EXPECT nothing: main posts the second one without having waited for it */
#include <semaphore.h>
#include <time.h>

#include "actors.h"

static sem_t first, second;

/* In a minute. */
static struct timespec soon(clockid_t clock)
{
    struct timespec until;
    clock_gettime(clock, &until);
    until.tv_sec += 60;
    return until;
}

static void forward(void)
{
    struct timespec until = soon(CLOCK_MONOTONIC);
    sem_wait(&first);
    require(sem_clockwait(&second, CLOCK_MONOTONIC, &until) == 0, "a free second");
    sem_post(&second);
    sem_post(&first);
    end_turn();
}

static void backward(void)
{
    wait_for_turn(1);
    sem_wait(&second);
    sem_wait(&first);
    sem_post(&first);
    sem_post(&second);
}

int main(void)
{
    sem_init(&first, 0, 1);
    sem_init(&second, 0, 0);
    sem_post(&second);
    PLAY_TOGETHER(forward, backward);
    return 0;
}
