/* Rule 8: a thread that waits for a lock which it holds itself. Not every kind of lock makes it wait: a recursive one counts, an
 * error-checking mutex, and a rwlock that the thread has locked for writing, return EDEADLK. A rwlock that it reads lets it read
 * once more, unless it prefers writers and one waits. */
#ifndef LOCKORDER_ANALYZER_VERDICT_SELF_DEADLOCK_H
#define LOCKORDER_ANALYZER_VERDICT_SELF_DEADLOCK_H

#include "finding.h"

/* Where in the held list the wanted lock is; held_count when it is not there. Dependencies that have it take no part in cycles
 * of several threads. */
uint32_t self_deadlock_held_index(const struct dependency *dependency);

struct self_deadlock {
    struct finding_step step;
    bool timed;        /* the wait ends by its time-out */
    bool needs_writer; /* it has not happened: it does when a writer comes in between */
};

/* All of them, in the order of the dependencies. The caller frees *items. */
uint32_t self_deadlock_find(const struct world *world, struct self_deadlock **items);

#endif
