/* A flag that threads wait for. It stays set until it is cleared: who comes later need not wait.
 *
 * Safety: any thread; not in signal handlers. What was written before the event was set is seen by those who waited for it. */
#ifndef LOCKORDER_EVENT_H
#define LOCKORDER_EVENT_H

#include <pthread.h>
#include <stdbool.h>

#include "limit.h"
#include "wait_list.h"

#ifdef __cplusplus
extern "C" {
#endif

struct lockorder_event { /* private */
    pthread_mutex_t mutex;
    struct lockorder_wait_list waiting;
    bool set;
};

/* `name`: of the inner mutex in reports, "NAME.event"; NULL: its address. Errors: none today. */
int lockorder_event_init(struct lockorder_event *event, const char *name);

/* EBUSY: somebody waits. */
int lockorder_event_destroy(struct lockorder_event *event);

/* Sets it, and wakes all who wait. */
void lockorder_event_set(struct lockorder_event *event);
void lockorder_event_clear(struct lockorder_event *event);
bool lockorder_event_is_set(struct lockorder_event *event);

/* Waits until it is set. It may be cleared again by then: what counts is that it was set during the wait. Errors: none. */
int lockorder_event_wait(struct lockorder_event *event);

/* The same until the limit (CLOCK_MONOTONIC; NULL: none): ETIMEDOUT, ECANCELED. */
int lockorder_event_wait_within(struct lockorder_event *event, const struct lockorder_limit *limit);

#ifdef __cplusplus
}
#endif

#endif
