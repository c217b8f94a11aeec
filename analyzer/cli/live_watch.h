/* The traces of a run, looked at while the program runs: a deadlock is told when it happens, once, and so is a wait that seems
 * never to end. */
#ifndef LOCKORDER_ANALYZER_CLI_LIVE_WATCH_H
#define LOCKORDER_ANALYZER_CLI_LIVE_WATCH_H

#include <stdint.h>

#include "trace_folder.h"

/* The folder must outlive it. `stall_after`: seconds that a thread may wait for a lock before that is told; 0: any. */
struct live_watch *live_watch_new(const struct trace_folder *folder, uint64_t stall_after);
void live_watch_free(struct live_watch *watch);

/* Costs a header for each trace that can still change; with stall_after, or with several processes that live, also what has been
 * added since the last look, and all waits. A struct live_watch, as a closure for those who know only when to look. */
void live_watch_look(void *watch);

#endif
