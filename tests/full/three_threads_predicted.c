/* Three threads, of which the second lets the third one go on once it has done its part. */
#include <semaphore.h>

#include "actors.h"

static pthread_mutex_t first = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t second = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t third = PTHREAD_MUTEX_INITIALIZER;
static sem_t done;

static void one(void)
{
    pthread_mutex_lock(&first);  /* EXPECT cycle: one holds first */
    pthread_mutex_lock(&second); /* EXPECT cycle: one wants second */
    pthread_mutex_unlock(&second);
    pthread_mutex_unlock(&first);
    end_turn();
}

static void two(void)
{
    wait_for_turn(1);
    pthread_mutex_lock(&second); /* EXPECT cycle: two holds second */
    pthread_mutex_lock(&third);  /* EXPECT cycle: two wants third */
    pthread_mutex_unlock(&third);
    pthread_mutex_unlock(&second);
    sem_post(&done);
    end_turn();
}

static void three(void)
{
    wait_for_turn(2);
    sem_wait(&done);
    pthread_mutex_lock(&third); /* EXPECT cycle: three holds third */
    pthread_mutex_lock(&first); /* EXPECT cycle: three wants first */
    pthread_mutex_unlock(&first);
    pthread_mutex_unlock(&third);
}

int main(void)
{
    sem_init(&done, 0, 0);
    struct actor *players[] = {START(one), START(two), START(three)};
    for (int i = 0; i < 3; i++)
        join(players[i]);
    return 0;
}
