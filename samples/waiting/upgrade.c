/* A reader that wants to write what it reads: a writer waits until nobody reads, itself included. By default the program only
 * tries, and sees that it cannot be had; with --hang it waits, for itself:
 *
 *     lockorder run -- build/release/samples/waiting/upgrade
 *     lockorder run --on-deadlock=exit -- build/release/samples/waiting/upgrade --hang
 *
 * upgrade_released.c is the repair. */
/* EXPECT nothing: a try does not wait */
#include <pthread.h>
#include <stdio.h>

#include "../stage.h"

static pthread_rwlock_t prices = PTHREAD_RWLOCK_INITIALIZER;
static int price = 10;

static void raise_price(void)
{
    pthread_rwlock_rdlock(&prices); /* EXPECT --hang deadlock: trader holds prices */
    if (price < 20) {
        /* EXPECT --hang deadlock: trader wants prices */
        int error = stage_hangs() ? pthread_rwlock_wrlock(&prices) : pthread_rwlock_trywrlock(&prices);
        puts(error == 0 ? "raised" : "a reader cannot become a writer");
    }
    pthread_rwlock_unlock(&prices);
}

int main(int argc, char **argv)
{
    const struct actor trader = {"trader", raise_price};
    stage_open(argc, argv);
    stage_play(&trader, 1);
    return 0;
}
