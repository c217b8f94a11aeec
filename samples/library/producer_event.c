/* Producer and consumer with two events: "there is something" and "there is room again". For one of each and one place only; what
 * a queue does for any number.
 *
 *     build/release/samples/library/producer_event */
/* EXPECT nothing: events take one lock at a time */
#include <lockorder/lockorder.h>

#include "crew.h"

enum { LETTERS = 20 };

static struct lockorder_event filled, emptied;
static int letter; /* whose it is, the events say */

static void *read_letters(void *argument)
{
    long *sum = argument;
    for (int i = 0; i < LETTERS; i++) {
        lockorder_event_wait(&filled);
        lockorder_event_clear(&filled);
        *sum += letter;
        lockorder_event_set(&emptied);
    }
    return NULL;
}

int main(void)
{
    struct crew reader;
    long sum = 0;
    lockorder_event_init(&filled, "filled");
    lockorder_event_init(&emptied, "emptied");
    crew_start(&reader, 1, read_letters, &sum);
    for (int i = 1; i <= LETTERS; i++) {
        letter = i;
        lockorder_event_set(&filled);
        lockorder_event_wait(&emptied);
        lockorder_event_clear(&emptied);
    }
    crew_join(&reader);
    lockorder_event_destroy(&filled);
    lockorder_event_destroy(&emptied);
    printf("sum: %ld\n", sum);
    return sum == LETTERS * (LETTERS + 1) / 2 ? 0 : 1;
}
