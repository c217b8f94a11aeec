/* A third person pays in the middle of it: Ann pays Bob, Bob pays Cid, Cid pays Ann. No two of them lock the same two accounts,
 * so looking at any two threads finds nothing; the cycle has three.
 *
 *     lockorder run -- build/release/samples/bank/third_person
 *     lockorder run --on-deadlock=exit -- build/release/samples/bank/third_person --hang */
#include <pthread.h>
#include <stdio.h>

#include "../stage.h"

static pthread_mutex_t ann = PTHREAD_MUTEX_INITIALIZER, bob = PTHREAD_MUTEX_INITIALIZER, cid = PTHREAD_MUTEX_INITIALIZER;

static void pay(pthread_mutex_t *from, pthread_mutex_t *to)
{
    /* EXPECT cycle: ann-pays holds ann; bob-pays holds bob; cid-pays holds cid */
    /* EXPECT --hang deadlock: ann-pays holds ann; bob-pays holds bob; cid-pays holds cid */
    pthread_mutex_lock(from);
    stage_meet();
    /* EXPECT cycle: ann-pays wants bob; bob-pays wants cid; cid-pays wants ann */
    /* EXPECT --hang deadlock: ann-pays wants bob; bob-pays wants cid; cid-pays wants ann */
    pthread_mutex_lock(to);
    pthread_mutex_unlock(to);
    pthread_mutex_unlock(from);
}

static void ann_pays(void)
{
    pay(&ann, &bob);
}

static void bob_pays(void)
{
    pay(&bob, &cid);
}

static void cid_pays(void)
{
    pay(&cid, &ann);
}

int main(int argc, char **argv)
{
    const struct actor people[] = {{"ann-pays", ann_pays}, {"bob-pays", bob_pays}, {"cid-pays", cid_pays}};
    stage_open(argc, argv);
    stage_play(people, 3);
    puts("all have paid");
    return 0;
}
