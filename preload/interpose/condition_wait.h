/* A wait at a condition: the mutex is released and acquired again. */
#ifndef LOCKORDER_PRELOAD_CONDITION_WAIT_H
#define LOCKORDER_PRELOAD_CONDITION_WAIT_H

#include "acquire_call.h"

struct condition_wait {
    struct acquisition acquisition;
    struct wait former;
    bool held; /* the mutex was, so far as is known */
};

void condition_wait_begins(struct condition_wait *wait, const void *condition, bool timed);

/* The thread holds the mutex again: after the wait, and before the cleanup handlers of a thread cancelled in it. */
void condition_wait_ends(void *wait);

/* In an interposed function. */
#define CONDITION_WAIT(condition, mutex, timed, call)                                                                            \
    int result;                                                                                                                  \
    struct condition_wait wait = {                                                                                               \
        .acquisition = ACQUISITION(mutex, HELD_KIND_AND_MODE(TRACE_LOCK_MUTEX, TRACE_MODE_EXCLUSIVE), ATTEMPT_REACQUIRE)};       \
    condition_wait_begins(&wait, condition, timed);                                                                              \
    pthread_cleanup_push(condition_wait_ends, &wait);                                                                            \
    result = (call);                                                                                                             \
    pthread_cleanup_pop(1);                                                                                                      \
    return result

#endif
