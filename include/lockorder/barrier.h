/* A place where a fixed number of threads, the *parties*, meet: each waits until all are there. Then it can be used again.
 *
 * When a party gives up, the others would wait for ever: so a barrier *breaks* when a wait ends by its limit, when its action fails,
 * or when it is aborted. All who wait then, and all who come later, get ENOTRECOVERABLE, until it is reset.
 * Safety: any thread; not in signal handlers. What each party wrote before it came is seen by all when they go on. */
#ifndef LOCKORDER_BARRIER_H
#define LOCKORDER_BARRIER_H

#include <pthread.h>
#include <stdbool.h>

#include "limit.h"
#include "wait_list.h"

#ifdef __cplusplus
extern "C" {
#endif

struct lockorder_barrier { /* private */
    pthread_mutex_t mutex;
    struct lockorder_wait_list waiting;
    int (*action)(void *closure);
    void *closure;
    unsigned parties;
    unsigned resets; /* a wait that fails breaks only what it was part of */
    bool broken;
};

/* `action`, unless NULL, is called by the last to come, before any goes on, without a lock of the barrier's; an error that it returns
 * breaks the barrier. `name`: of the inner mutex in reports, "NAME.barrier"; NULL: its address. EINVAL: no parties. */
int lockorder_barrier_init(struct lockorder_barrier *barrier, unsigned parties, int (*action)(void *closure), void *closure,
                           const char *name);

/* EBUSY: somebody waits. */
int lockorder_barrier_destroy(struct lockorder_barrier *barrier);

/* Waits for the others. `index`, unless NULL, tells the order of coming: 0 for the first to parties - 1 for the last. What the
 * action returned, for the last; ENOTRECOVERABLE: the barrier is broken, or was reset meanwhile. */
int lockorder_barrier_wait(struct lockorder_barrier *barrier, unsigned *index);

/* The same until the limit (CLOCK_MONOTONIC; NULL: none): ETIMEDOUT, ECANCELED; they break the barrier. */
int lockorder_barrier_wait_within(struct lockorder_barrier *barrier, unsigned *index, const struct lockorder_limit *limit);

/* Breaks it. */
void lockorder_barrier_abort(struct lockorder_barrier *barrier);

/* Makes it as new: not broken, and those who wait get ENOTRECOVERABLE. */
void lockorder_barrier_reset(struct lockorder_barrier *barrier);

bool lockorder_barrier_is_broken(struct lockorder_barrier *barrier);

/* How many wait now: stale as soon as it is known. */
unsigned lockorder_barrier_waiting(struct lockorder_barrier *barrier);

#ifdef __cplusplus
}
#endif

#endif
