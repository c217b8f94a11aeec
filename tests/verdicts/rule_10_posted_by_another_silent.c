/* A semaphore that is posted by a thread which did not wait for it is a signal. */
/* EXPECT nothing: another thread posts the second one */
#include <semaphore.h>

#include "actors.h"

static sem_t first, second;

static void forward(void)
{
    sem_wait(&first);
    sem_wait(&second);
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
    end_turn();
    wait_for_turn(3);
    sem_post(&second);
}

static void giver(void)
{
    wait_for_turn(2);
    sem_post(&second);
    end_turn();
}

int main(void)
{
    sem_init(&first, 0, 1);
    sem_init(&second, 0, 1);
    struct actor *actor_forward = START(forward), *actor_backward = START(backward), *actor_giver = START(giver);
    join(actor_forward);
    join(actor_backward);
    join(actor_giver);
    return 0;
}
