/* Fifty guests, five seats: a semaphore lets five in, whoever they are. It is bounded: to give back a seat that nobody took is an
 * error.
 *
 *     build/release/samples/library/five_at_a_time */
/* EXPECT nothing: a semaphore of five is no lock */
#include <errno.h>

#include <lockorder/lockorder.h>

#include "crew.h"

enum { GUESTS = 50, SEATS = 5 };

static struct lockorder_semaphore seats;
static struct lockorder_lock guest_book = LOCKORDER_LOCK_INITIALIZER;
static int inside, most, served; /* protected by guest_book */

static void note(int change)
{
    lockorder_lock_acquire(&guest_book);
    inside += change;
    most = inside > most ? inside : most;
    served += change > 0;
    lockorder_lock_release(&guest_book);
}

static void *eat(void *unused)
{
    lockorder_semaphore_acquire(&seats);
    note(1);
    note(-1);
    lockorder_semaphore_release(&seats);
    return unused;
}

int main(void)
{
    struct crew guests;
    lockorder_semaphore_init_bounded(&seats, SEATS, "seats");
    crew_start(&guests, GUESTS, eat, NULL);
    crew_join(&guests);
    expect(served == GUESTS && most <= SEATS, "all were served, five at a time at most");
    printf("a seat too many: %s\n", lockorder_semaphore_release(&seats) == EPERM ? "refused" : "taken");
    lockorder_semaphore_destroy(&seats);
    puts("all were served");
    return 0;
}
