/* The repair of upgrade.c: the reader ends reading before it asks to write, and looks again: in between, others may have written.
 *
 *     lockorder run -- build/release/samples/waiting/upgrade_released */
/* EXPECT nothing: nothing is held in the wait */
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>

#include "../stage.h"

static pthread_rwlock_t prices = PTHREAD_RWLOCK_INITIALIZER;
static int price = 10;

static void raise_price(void)
{
    pthread_rwlock_rdlock(&prices);
    bool is_low = price < 20;
    pthread_rwlock_unlock(&prices);
    if (!is_low)
        return;
    pthread_rwlock_wrlock(&prices);
    if (price < 20)
        price++;
    pthread_rwlock_unlock(&prices);
}

int main(int argc, char **argv)
{
    const struct actor traders[] = {{"trader-1", raise_price}, {"trader-2", raise_price}};
    stage_open(argc, argv);
    stage_play(traders, 2);
    printf("price: %d\n", price);
    return 0;
}
