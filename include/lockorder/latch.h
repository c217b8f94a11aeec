/* A count that goes down to zero once; threads wait for that.
 *
 * Safety: any thread; not in signal handlers. What was written before a count-down is seen by those who waited. */
#ifndef LOCKORDER_LATCH_H
#define LOCKORDER_LATCH_H

#include <pthread.h>

#include "limit.h"
#include "wait_list.h"

#ifdef __cplusplus
extern "C" {
#endif

struct lockorder_latch { /* private */
    pthread_mutex_t mutex;
    struct lockorder_wait_list waiting;
    unsigned count;
};

/* `name`: of the inner mutex in reports, "NAME.latch"; NULL: its address. Errors: none today. */
int lockorder_latch_init(struct lockorder_latch *latch, unsigned count, const char *name);

/* EBUSY: somebody waits. */
int lockorder_latch_destroy(struct lockorder_latch *latch);

/* One less; the last wakes all who wait. EINVAL: the count is zero already. */
int lockorder_latch_count_down(struct lockorder_latch *latch);

/* Counts again, from `count`. EBUSY: the count is not zero yet, and somebody may wait for that. */
int lockorder_latch_reset(struct lockorder_latch *latch, unsigned count);

unsigned lockorder_latch_count(struct lockorder_latch *latch);

/* Waits until the count is zero. Errors: none. */
int lockorder_latch_wait(struct lockorder_latch *latch);

/* The same until the limit (CLOCK_MONOTONIC; NULL: none): ETIMEDOUT, ECANCELED. */
int lockorder_latch_wait_within(struct lockorder_latch *latch, const struct lockorder_limit *limit);

#ifdef __cplusplus
}
#endif

#endif
