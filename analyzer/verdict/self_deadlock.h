/* Rule 8: a thread that waits for a lock which it holds itself. Of a recursive mutex, and of an error-checking one, whose lock
 * function returns EDEADLK, that is no finding. */
#ifndef LOCKORDER_ANALYZER_VERDICT_SELF_DEADLOCK_H
#define LOCKORDER_ANALYZER_VERDICT_SELF_DEADLOCK_H

#include "finding.h"

/* Where in the held list the wanted lock is; held_count when it is not there. Dependencies that have it take no part in cycles
 * of several threads. */
uint32_t self_deadlock_held_index(const struct dependency *dependency);

struct self_deadlock {
    struct finding_step step;
    bool timed; /* the wait ends by its time-out */
};

/* All of them, in the order of the dependencies. The caller frees *items. */
uint32_t self_deadlock_find(const struct world *world, struct self_deadlock **items);

#endif
