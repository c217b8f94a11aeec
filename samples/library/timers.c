/* A timer that calls once, one that calls again and again until it is cancelled, and one that is cancelled before its first call.
 *
 *     build/release/samples/library/timers */
/* EXPECT nothing: a timer takes one lock at a time */
#include <stdatomic.h>

#include <lockorder/lockorder.h>

#include "crew.h"

static atomic_int calls;

static void ring(void *argument)
{
    calls++;
    lockorder_latch_count_down(argument);
}

static void ring_times(unsigned times, int64_t period)
{
    struct lockorder_timer timer;
    struct lockorder_latch rung;
    lockorder_latch_init(&rung, times, "rung");
    lockorder_timer_start(&timer, LOCKORDER_MILLISECOND, period, ring, &rung);
    lockorder_latch_wait(&rung);
    lockorder_timer_cancel(&timer);
    lockorder_timer_join(&timer);
    lockorder_latch_destroy(&rung);
}

int main(void)
{
    struct lockorder_timer never;
    struct lockorder_latch unused;
    ring_times(1, 0);
    expect(calls == 1, "one call");
    puts("once");
    ring_times(3, LOCKORDER_MILLISECOND);
    expect(calls >= 4, "three calls more");
    puts("three times");

    int before = calls;
    lockorder_latch_init(&unused, 1, "unused");
    lockorder_timer_start(&never, 3600 * LOCKORDER_SECOND, 0, ring, &unused);
    lockorder_timer_cancel(&never);
    lockorder_timer_join(&never);
    lockorder_latch_destroy(&unused);
    expect(calls == before, "no call after the cancel");
    puts("never");
    return 0;
}
