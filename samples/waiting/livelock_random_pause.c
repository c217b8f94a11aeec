/* The repair of livelock.c: who gives way waits for a random time, of which the most grows with each try; so two who meet once do
 * not meet for ever. The library's lockorder_claim_try_acquire_all does so for any number of locks.
 *
 *     lockorder run -- build/release/samples/waiting/livelock_random_pause */
/* EXPECT nothing: tries do not wait */
#include <stdio.h>

#include <lockorder/ordered.h>

#include "../stage.h"

enum { ROUNDS = 1000 };

static pthread_mutex_t left = PTHREAD_MUTEX_INITIALIZER, right = PTHREAD_MUTEX_INITIALIZER;
static int went_through; /* with both locks held */

static void take_both(pthread_mutex_t *mine, pthread_mutex_t *other)
{
    const struct lockorder_lockable both[] = {lockorder_lockable_mutex(mine), lockorder_lockable_mutex(other)};
    for (int round = 0; round < ROUNDS; round++) {
        LOCKORDER_SCOPED_CLAIM(claim);
        if (lockorder_claim_try_acquire_all(&claim, both, 2, NULL) == 0)
            went_through++;
    }
}

static void *ann(void *unused)
{
    take_both(&left, &right);
    return unused;
}

static void *bob(void *unused)
{
    take_both(&right, &left);
    return unused;
}

int main(void)
{
    pthread_t threads[2];
    pthread_create(&threads[0], NULL, ann, NULL);
    pthread_create(&threads[1], NULL, bob, NULL);
    for (int i = 0; i < 2; i++)
        pthread_join(threads[i], NULL);
    printf("in %d rounds, %d went through\n", ROUNDS, went_through);
    return 0;
}
