/* What threads are for: the same role, the same code that they started with, in whatever process or run. */
#ifndef LOCKORDER_ANALYZER_VERDICT_THREAD_ROLES_H
#define LOCKORDER_ANALYZER_VERDICT_THREAD_ROLES_H

#include "fingerprint.h"

enum { THREAD_ROLE_UNKNOWN = 0, THREAD_ROLE_MAIN = 1 };

/* By thread: its role. The function that a thread started with is read from the outermost frames of its stacks, so a thread that
 * is in no dependency has the role of those that the same call created. The caller frees. */
uint64_t *thread_roles_find(const struct world *world, const struct fingerprint_names *names);

#endif
