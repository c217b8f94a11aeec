/* A number of permits that threads take and give back.
 *
 * A sem_t, which the checker knows, with what sem_t does not say: a bounded semaphore refuses to be given back what was not taken.
 * Safety: any thread. Only lockorder_semaphore_release may be called in a signal handler. */
#ifndef LOCKORDER_SEMAPHORE_H
#define LOCKORDER_SEMAPHORE_H

#include <semaphore.h>
#include <stdbool.h>

#include "limit.h"

#ifdef __cplusplus
extern "C" {
#endif

struct lockorder_semaphore { /* private */
    sem_t permits;
    unsigned waiting; /* calls that are, or are about to be, blocked */
    unsigned taken;   /* permits not yet given back; of a bounded semaphore only */
    bool bounded;
};

/* `name`: as for lockorder_lock_init. EINVAL: more than SEM_VALUE_MAX permits. */
int lockorder_semaphore_init(struct lockorder_semaphore *semaphore, unsigned permits, const char *name);

/* A semaphore that never has more permits than at first. EINVAL: more than SEM_VALUE_MAX permits. */
int lockorder_semaphore_init_bounded(struct lockorder_semaphore *semaphore, unsigned permits, const char *name);

/* EBUSY: somebody waits, or permits of a bounded semaphore have not been given back. */
int lockorder_semaphore_destroy(struct lockorder_semaphore *semaphore);

/* Waits for a permit, and takes it. Errors: none. */
int lockorder_semaphore_acquire(struct lockorder_semaphore *semaphore);

/* EAGAIN: there is no permit. */
int lockorder_semaphore_try_acquire(struct lockorder_semaphore *semaphore);

/* ETIMEDOUT (CLOCK_MONOTONIC; a limit of NULL: none); EINVAL: the limit names a stop, which could not be heard. */
int lockorder_semaphore_acquire_within(struct lockorder_semaphore *semaphore, const struct lockorder_limit *limit);

/* Gives a permit, which any thread may do. EPERM: a bounded semaphore has all its permits back. EOVERFLOW: more than
 * SEM_VALUE_MAX permits. */
int lockorder_semaphore_release(struct lockorder_semaphore *semaphore);

/* The permits that are there now: stale as soon as it is known. */
unsigned lockorder_semaphore_permits(const struct lockorder_semaphore *semaphore);

#ifdef __cplusplus
}
#endif

#endif
