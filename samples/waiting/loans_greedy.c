/* Dijkstra's banker without caution: there are two machines, two builders, and each needs both machines in the end, but takes
 * them one by one, and gets what is free. With --hang each has got one, and waits for the other: nobody can finish, nobody gives
 * back. Machines are counted, not locked, so lockorder has no lock to complain of; in a hang it lists the waits, with
 * --stall-after:
 *
 *     lockorder run -- build/release/samples/waiting/loans_greedy
 *     lockorder run --stall-after=1 -- build/release/samples/waiting/loans_greedy --hang
 *
 * loans_by_banker.c is the repair. */
/* EXPECT nothing: machines are counted, not locked */
#include <pthread.h>
#include <semaphore.h>
#include <stdio.h>

#include "../stage.h"

enum { MACHINES = 2, NEEDED = 2 };

static sem_t machines;
static pthread_mutex_t books = PTHREAD_MUTEX_INITIALIZER;
static int houses; /* protected by books */

static void build(void)
{
    sem_wait(&machines);
    stage_meet();
    for (int i = 1; i < NEEDED; i++)
        sem_wait(&machines);
    for (int i = 0; i < NEEDED; i++)
        sem_post(&machines);
    pthread_mutex_lock(&books);
    houses++;
    pthread_mutex_unlock(&books);
}

int main(int argc, char **argv)
{
    const struct actor builders[] = {{"builder-1", build}, {"builder-2", build}};
    stage_open(argc, argv);
    sem_init(&machines, 0, MACHINES);
    stage_play(builders, 2);
    printf("houses: %d\n", houses);
    return 0;
}
