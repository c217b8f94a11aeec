/* How long a call may block.
 *
 * Blocking calls come in three forms: `lockorder_X_do` waits as long as it takes, `lockorder_X_try_do` never waits, and
 * `lockorder_X_do_within` waits until a limit: a point in time, a stop request, or whichever comes first.
 *
 *     struct lockorder_limit limit = lockorder_limit_after(20 * LOCKORDER_MILLISECOND);
 *     limit.stop = &stop;
 *     int error = lockorder_queue_get_within(&jobs, &job, &limit);    // ETIMEDOUT, ECANCELED, or what else the call may say
 *
 * A limit is a point in time, not a duration, so that one limit can span several calls. It is on CLOCK_MONOTONIC: setting the
 * clock of the day changes no wait. A limit that has passed still lets a call succeed that need not wait.
 * Safety: a limit is a value; these functions may be called by any thread and in signal handlers. */
#ifndef LOCKORDER_LIMIT_H
#define LOCKORDER_LIMIT_H

#include <stdbool.h>
#include <stdint.h>
#include <time.h>

#ifdef __cplusplus
extern "C" {
#endif

#define LOCKORDER_MICROSECOND INT64_C(1000)
#define LOCKORDER_MILLISECOND INT64_C(1000000)
#define LOCKORDER_SECOND INT64_C(1000000000)

struct lockorder_stop;

struct lockorder_limit {
    struct timespec deadline;    /* absolute, CLOCK_MONOTONIC; means something only if `timed` */
    bool timed;                  /* false: time alone does not end the wait */
    struct lockorder_stop *stop; /* ends the wait with ECANCELED once requested; NULL: nothing does. See stop.h */
};

/* A limit so many nanoseconds from now; zero or less: now. */
struct lockorder_limit lockorder_limit_after(int64_t nanoseconds);

/* A limit at a point in time on CLOCK_MONOTONIC. */
struct lockorder_limit lockorder_limit_at(struct timespec deadline);

/* No limit in time: the wait ends with a stop request. */
struct lockorder_limit lockorder_limit_stop(struct lockorder_stop *stop);

#ifdef __cplusplus
}
#endif

#endif
