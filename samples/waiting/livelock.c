/* Two polite people: each takes one lock, tries the other, gives way when it is taken, and comes again, at the same pace. Nobody
 * is blocked, nobody gets anywhere. (The pace is kept by a meeting after each step, for 1,000 rounds; with luck alone it may be
 * 3, or a million.) No thread waits for a lock, so there is no deadlock; lockorder sees it in the tries, which keep failing on both
 * sides.
 *
 *     lockorder run -- build/release/samples/waiting/livelock
 *
 * livelock_random_pause.c is the repair. */
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>

#include "../stage.h"

enum { ROUNDS = 1000 };

static pthread_mutex_t left = PTHREAD_MUTEX_INITIALIZER, right = PTHREAD_MUTEX_INITIALIZER;
static pthread_barrier_t pace;
static atomic_int went_through;

static bool take_both(pthread_mutex_t *mine, pthread_mutex_t *other)
{
    pthread_mutex_lock(mine);
    pthread_barrier_wait(&pace);
    bool both = pthread_mutex_trylock(other) == 0; /* EXPECT hazard: title ann holds left and tries right; fault ann concerns left; related */
    if (both)
        pthread_mutex_unlock(other);
    pthread_barrier_wait(&pace);
    pthread_mutex_unlock(mine);
    return both;
}

static void *ann(void *unused)
{
    pthread_setname_np(pthread_self(), "ann");
    for (int round = 0; round < ROUNDS; round++)
        went_through += take_both(&left, &right);
    return unused;
}

static void *bob(void *unused)
{
    pthread_setname_np(pthread_self(), "bob");
    for (int round = 0; round < ROUNDS; round++)
        went_through += take_both(&right, &left);
    return unused;
}

int main(void)
{
    pthread_t threads[2];
    pthread_barrier_init(&pace, NULL, 2);
    pthread_create(&threads[0], NULL, ann, NULL);
    pthread_create(&threads[1], NULL, bob, NULL);
    for (int i = 0; i < 2; i++)
        pthread_join(threads[i], NULL);
    printf("in %d rounds, %d went through\n", ROUNDS, went_through);
    return 0;
}
