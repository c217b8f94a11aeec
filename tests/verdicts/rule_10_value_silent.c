/* A semaphore of value 2 lets two threads in. */
/* EXPECT nothing: the second one lets both threads in */
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
    sem_post(&second);
}

int main(void)
{
    sem_init(&first, 0, 1);
    sem_init(&second, 0, 2);
    PLAY_TOGETHER(forward, backward);
    return 0;
}
