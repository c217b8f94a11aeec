/* Named semaphores, in both orders. */
#include <fcntl.h>
#include <semaphore.h>

#include "actors.h"

static sem_t *first, *second;

static sem_t *open_named(const char *word)
{
    char name[64];
    snprintf(name, sizeof name, "/lockorder-%s-%d", word, (int)getpid());
    sem_t *semaphore = sem_open(name, O_CREAT | O_EXCL, 0600, 1);
    require(semaphore != SEM_FAILED, "a named semaphore");
    sem_unlink(name);
    return semaphore;
}

static void forward(void)
{
    /* PLACE one */
    /* EXPECT cycle: forward holds "semaphore #N first locked at @one forward" */
    sem_wait(first);
    /* PLACE other */
    /* EXPECT cycle: forward wants "semaphore #N first locked at @other forward" */
    sem_wait(second);
    sem_post(second);
    sem_post(first);
    end_turn();
}

static void backward(void)
{
    wait_for_turn(1);
    sem_wait(second); /* EXPECT cycle: backward holds "semaphore #N first locked at @other forward" */
    sem_wait(first);  /* EXPECT cycle: backward wants "semaphore #N first locked at @one forward" */
    sem_post(first);
    sem_post(second);
}

int main(void)
{
    first = open_named("first");
    second = open_named("second");
    PLAY_TOGETHER(forward, backward);
    return 0;
}
