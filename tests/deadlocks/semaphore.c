/* Two semaphores, used as locks. */
#include <semaphore.h>

#include "../verdicts/actors.h"

static sem_t first, second;

static void forward(void)
{
    sem_wait(&first); /* EXPECT deadlock: forward holds first */
    end_turn();
    wait_for_turn(2);
    sem_wait(&second); /* EXPECT deadlock: forward wants second */
}

static void backward(void)
{
    sem_wait(&second); /* EXPECT deadlock: backward holds second */
    end_turn();
    wait_for_turn(2);
    sem_wait(&first); /* EXPECT deadlock: backward wants first */
}

int main(void)
{
    sem_init(&first, 0, 1);
    sem_init(&second, 0, 1);
    PLAY_TOGETHER(forward, backward);
    return 0;
}
