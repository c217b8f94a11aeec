/* Producer and consumer with a condition: the consumer waits, inside the lock, until there is something; the producer says so.
 * The wait is for a predicate, so neither a wake-up too many nor one too early does harm.
 *
 *     build/release/samples/library/producer_condition */
/* EXPECT nothing: one lock */
#include <stdbool.h>

#include <lockorder/lockorder.h>

#include "crew.h"

enum { LOAVES = 100 };

static struct lockorder_lock shelf = LOCKORDER_LOCK_INITIALIZER;
static struct lockorder_condition baked;
static int loaves, sold; /* protected by shelf */

static bool is_there(void *unused)
{
    (void)unused;
    return loaves > 0;
}

static void *sell(void *unused)
{
    lockorder_lock_acquire(&shelf);
    while (sold < LOAVES) {
        lockorder_condition_wait_for(&baked, is_there, NULL, NULL);
        loaves--;
        sold++;
    }
    lockorder_lock_release(&shelf);
    return unused;
}

int main(void)
{
    struct crew seller;
    lockorder_condition_init(&baked, &shelf);
    crew_start(&seller, 1, sell, NULL);
    for (int i = 0; i < LOAVES; i++) {
        lockorder_lock_acquire(&shelf);
        loaves++;
        lockorder_condition_notify_one(&baked);
        lockorder_lock_release(&shelf);
    }
    crew_join(&seller);
    lockorder_condition_destroy(&baked);
    printf("sold: %d\n", sold);
    return sold == LOAVES ? 0 : 1;
}
