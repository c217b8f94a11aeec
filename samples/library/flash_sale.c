/* Flash sale: a thousand customers, a hundred items, and all start at once, by a latch or at a barrier. With a lock and with
 * compare-and-swap exactly a hundred are sold. With neither, "is there one left?" and "one less" come apart, and more may be sold
 * than there were: how many, is luck, and on stderr.
 *
 *     build/release/samples/library/flash_sale */
/* EXPECT nothing: one lock */
#include <sched.h>
#include <stdatomic.h>
#include <stdbool.h>

#include <lockorder/lockorder.h>

#include "crew.h"

enum { CUSTOMERS = 1000, ITEMS = 100 };

static struct lockorder_lock till = LOCKORDER_LOCK_INITIALIZER;
static struct lockorder_latch doors;
static struct lockorder_barrier crowd;
static atomic_int items, sold;

static bool buy_with_lock(void)
{
    lockorder_lock_acquire(&till);
    bool is_mine = items > 0;
    items -= is_mine;
    lockorder_lock_release(&till);
    return is_mine;
}

static bool buy_with_compare_and_swap(void)
{
    int left = items;
    while (left > 0)
        if (atomic_compare_exchange_weak(&items, &left, left - 1))
            return true;
    return false;
}

/* Each access is atomic; the two together are not. */
static bool buy_with_nothing(void)
{
    int left = atomic_load_explicit(&items, memory_order_relaxed);
    if (left <= 0)
        return false;
    sched_yield(); /* whoever comes in between has seen the same item */
    atomic_store_explicit(&items, left - 1, memory_order_relaxed);
    return true;
}

struct sale {
    const char *how;
    bool (*buy)(void);
    bool by_latch; /* else at a barrier */
};

static void *come(void *argument)
{
    const struct sale *sale = argument;
    if (sale->by_latch)
        lockorder_latch_wait(&doors);
    else
        lockorder_barrier_wait(&crowd, NULL);
    if (sale->buy())
        sold++;
    return NULL;
}

static int hold_sale(struct sale sale)
{
    static struct crew customers;
    items = ITEMS;
    sold = 0;
    lockorder_latch_init(&doors, 1, "doors");
    lockorder_barrier_init(&crowd, CUSTOMERS, NULL, NULL, "crowd");
    crew_start(&customers, CUSTOMERS, come, &sale);
    lockorder_latch_count_down(&doors);
    crew_join(&customers);
    lockorder_latch_destroy(&doors);
    lockorder_barrier_destroy(&crowd);
    return sold;
}

int main(void)
{
    const struct sale sales[] = {{"with a lock, from a latch", buy_with_lock, true},
                                 {"with a lock, from a barrier", buy_with_lock, false},
                                 {"with compare-and-swap, from a latch", buy_with_compare_and_swap, true},
                                 {"with compare-and-swap, from a barrier", buy_with_compare_and_swap, false}};
    for (size_t i = 0; i < sizeof sales / sizeof sales[0]; i++) {
        int count = hold_sale(sales[i]);
        printf("%s: %d sold\n", sales[i].how, count);
        expect(count == ITEMS, "as many sold as there were");
    }
    fprintf(stderr, "with nothing: %d sold\n", hold_sale((struct sale){"with nothing", buy_with_nothing, false}));
    return 0;
}
