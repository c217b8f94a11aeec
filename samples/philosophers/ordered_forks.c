/* A repair of left_then_right.c: both forks are claimed at once, and the library takes them in its order.
 *
 *     lockorder run -- build/release/samples/philosophers/ordered_forks */
/* EXPECT nothing: a claim takes its locks in one order */
#include "philosophers.h"

#include <stdlib.h>

#include <lockorder/ordered.h>

void eat(int seat)
{
    struct lockorder_lockable both[] = {lockorder_lockable_mutex(&forks[seat]),
                                        lockorder_lockable_mutex(&forks[(seat + 1) % PHILOSOPHERS])};
    LOCKORDER_SCOPED_CLAIM(claim);
    if (lockorder_claim_acquire(&claim, NULL, both, 2) != 0)
        abort();
}

int main(int argc, char **argv)
{
    return dine(argc, argv);
}
