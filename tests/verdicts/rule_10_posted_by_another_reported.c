/* Semaphores that only their waiters post are locks. */
#include <semaphore.h>

#include "actors.h"

static sem_t first, second;

static void forward(void)
{
    sem_wait(&first);  /* EXPECT cycle: forward holds first */
    sem_wait(&second); /* EXPECT cycle: forward wants second */
    sem_post(&second);
    sem_post(&first);
    end_turn();
}

static void backward(void)
{
    wait_for_turn(1);
    sem_wait(&second); /* EXPECT cycle: backward holds second */
    sem_wait(&first);  /* EXPECT cycle: backward wants first */
    sem_post(&first);
    sem_post(&second);
}

int main(void)
{
    sem_init(&first, 0, 1);
    sem_init(&second, 0, 1);
    PLAY_TOGETHER(forward, backward);
    return 0;
}
