/* Named semaphores, in one order. */
/* EXPECT nothing: one order */
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
    sem_wait(first);
    sem_wait(second);
    sem_post(second);
    sem_post(first);
    end_turn();
}

static void backward(void)
{
    wait_for_turn(1);
    sem_wait(first);
    sem_wait(second);
    sem_post(second);
    sem_post(first);
}

int main(void)
{
    first = open_named("first");
    second = open_named("second");
    PLAY_TOGETHER(forward, backward);
    return 0;
}
