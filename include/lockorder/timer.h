/* Calls a function later, once or again and again, in a thread of the timer's own.
 *
 * Periods are counted from the start, not from the end of the function, so they do not drift; when the function takes longer than a
 * period, the calls that were missed are left out.
 * Safety: any thread; not in signal handlers. */
#ifndef LOCKORDER_TIMER_H
#define LOCKORDER_TIMER_H

#include <pthread.h>
#include <stdint.h>

#include "stop.h"

#ifdef __cplusplus
extern "C" {
#endif

struct lockorder_timer { /* private */
    struct lockorder_stop stop;
    struct timespec next;
    int64_t period;
    void (*function)(void *argument);
    void *argument;
    pthread_t thread;
};

/* Calls function(argument) `after` so many nanoseconds (CLOCK_MONOTONIC), and then every `period` nanoseconds; 0: once. The timer
 * must be joined. EINVAL: the period is negative. EAGAIN: the system allows no more threads. */
int lockorder_timer_start(struct lockorder_timer *timer, int64_t after, int64_t period, void (*function)(void *argument),
                          void *argument);

/* No call begins any more, except for one that is just beginning; one that runs is not disturbed. May be called by the function. */
void lockorder_timer_cancel(struct lockorder_timer *timer);

/* Waits until the timer has made its last call: of a periodic one, after it was cancelled. To be called once, by one thread; then
 * the timer can be started again. EDEADLK: called by the function. */
int lockorder_timer_join(struct lockorder_timer *timer);

#ifdef __cplusplus
}
#endif

#endif
