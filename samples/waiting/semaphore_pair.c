/* Two semaphores of one permit each, used as locks, in opposite orders. A semaphore has no owner, but as long as only who waited
 * for it posts it, it is a lock, and lockorder treats it as one:
 *
 *     lockorder run -- build/release/samples/waiting/semaphore_pair
 *     lockorder run --on-deadlock=exit -- build/release/samples/waiting/semaphore_pair --hang */
#include <semaphore.h>
#include <stdio.h>

#include "../stage.h"

static sem_t printer, scanner;

static void copy(void)
{
    /* EXPECT cycle: copy holds scanner */
    /* EXPECT --hang deadlock: copy holds scanner */
    sem_wait(&scanner);
    stage_meet();
    /* EXPECT cycle: copy wants printer */
    /* EXPECT --hang deadlock: copy wants printer */
    sem_wait(&printer);
    sem_post(&printer);
    sem_post(&scanner);
}

static void print(void)
{
    /* EXPECT cycle: print holds printer */
    /* EXPECT --hang deadlock: print holds printer */
    sem_wait(&printer);
    stage_meet();
    /* EXPECT cycle: print wants scanner */
    /* EXPECT --hang deadlock: print wants scanner */
    sem_wait(&scanner);
    sem_post(&scanner);
    sem_post(&printer);
}

int main(int argc, char **argv)
{
    const struct actor clerks[] = {{"copy", copy}, {"print", print}};
    stage_open(argc, argv);
    sem_init(&printer, 0, 1);
    sem_init(&scanner, 0, 1);
    stage_play(clerks, 2);
    puts("all is on paper");
    return 0;
}
