/* The end of loading: what records say about others, in one trace or in several, is drawn together.
 *
 *     shared objects   process-shared locks of several processes that lie at one place are one lock
 *     waits            a thread that is blocked on a lock is told by the lock's address: which life of which lock that is
 *     signals          a semaphore that others post is no lock: nothing holds it, nothing waits for it
 *     tries            a try-lock that succeeded counts as a wait only where the same code waits when its try fails
 *
 * A dependency that counts for nothing afterwards holds nothing: its held_count is 0. An event that does has no steps. */
#ifndef LOCKORDER_ANALYZER_TRACE_SETTLE_H
#define LOCKORDER_ANALYZER_TRACE_SETTLE_H

#include "world.h"

/* Called once, when all traces have been loaded. */
void trace_settle(struct world *world);

#endif
