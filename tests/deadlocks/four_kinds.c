/* A circle of four threads and four kinds of locks. */
#include <semaphore.h>

#include "../verdicts/actors.h"

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_rwlock_t table = PTHREAD_RWLOCK_INITIALIZER;
static pthread_spinlock_t spin;
static sem_t semaphore;

static void one(void)
{
    pthread_mutex_lock(&mutex); /* EXPECT deadlock: one holds mutex */
    end_turn();
    wait_for_turn(4);
    pthread_rwlock_wrlock(&table); /* EXPECT deadlock: one wants table */
}

static void another(void)
{
    pthread_rwlock_rdlock(&table); /* EXPECT deadlock: another holds table */
    end_turn();
    wait_for_turn(4);
    pthread_spin_lock(&spin); /* EXPECT deadlock: another wants spin */
}

static void third(void)
{
    pthread_spin_lock(&spin); /* EXPECT deadlock: third holds spin */
    end_turn();
    wait_for_turn(4);
    sem_wait(&semaphore); /* EXPECT deadlock: third wants semaphore */
}

static void fourth(void)
{
    sem_wait(&semaphore); /* EXPECT deadlock: fourth holds semaphore */
    end_turn();
    wait_for_turn(4);
    pthread_mutex_lock(&mutex); /* EXPECT deadlock: fourth wants mutex */
}

int main(void)
{
    pthread_spin_init(&spin, PTHREAD_PROCESS_PRIVATE);
    sem_init(&semaphore, 0, 1);
    struct actor *actor_one = START(one), *actor_another = START(another), *actor_third = START(third),
                 *actor_fourth = START(fourth);
    join(actor_one);
    join(actor_another);
    join(actor_third);
    join(actor_fourth);
    return 0;
}
