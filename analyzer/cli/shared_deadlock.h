/* Deadlocks between processes. No recorder sees them: each knows the threads of its own process only. So `lockorder run`, which
 * has the traces of all, looks for them: from a thread that waits for a process-shared mutex to the thread that owns it, which
 * the mutex itself says, and on to what that one waits for. The memory of the processes is read for that; it may not be allowed.
 */
#ifndef LOCKORDER_ANALYZER_CLI_SHARED_DEADLOCK_H
#define LOCKORDER_ANALYZER_CLI_SHARED_DEADLOCK_H

#include "world.h"

/* Adds one, if there is one, to the world's events. The world is settled, and of processes that may still run. */
void shared_deadlock_find(struct world *world);

#endif
