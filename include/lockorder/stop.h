/* A request to stop, polled by threads and heard by their blocking calls. No thread is ever ended from outside: a thread that is
 * asked to stop returns from its waits with ECANCELED, and decides itself.
 *
 *     while (!lockorder_stop_is_requested(stop)) {
 *         struct lockorder_limit limit = lockorder_limit_stop(stop);
 *         if (lockorder_queue_get_within(&jobs, &job, &limit) == 0)
 *             work_on(job);
 *     }
 *
 * A stop is for any number of threads, and is never taken back. Waits for a lock, a read-write lock or a semaphore do not hear it.
 * Safety: any thread. Only lockorder_stop_is_requested may be called in a signal handler. */
#ifndef LOCKORDER_STOP_H
#define LOCKORDER_STOP_H

#include <pthread.h>
#include <stdbool.h>

#include "limit.h"

#ifdef __cplusplus
extern "C" {
#endif

struct lockorder_stop_wait;

struct lockorder_stop { /* private */
    pthread_mutex_t mutex;
    struct lockorder_stop_wait *waits;
    int requested;
};

#define LOCKORDER_STOP_INITIALIZER {PTHREAD_MUTEX_INITIALIZER, 0, 0}

/* Errors: none today, as pthread_mutex_init of a default mutex. */
int lockorder_stop_init(struct lockorder_stop *stop);

/* EBUSY: a call is waiting with a limit that names this stop. */
int lockorder_stop_destroy(struct lockorder_stop *stop);

/* Asks, and wakes the calls that wait with this stop in their limit. Asking again does nothing. Never blocks for long. */
void lockorder_stop_request(struct lockorder_stop *stop);

bool lockorder_stop_is_requested(const struct lockorder_stop *stop);

/* Sleeps until the limit: 0 when its time has come, ECANCELED when its stop was requested first. EINVAL: a limit without either,
 * or NULL, which would sleep for ever. */
int lockorder_sleep(const struct lockorder_limit *limit);

#ifdef __cplusplus
}
#endif

#endif
