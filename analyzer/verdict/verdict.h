/* World -> findings: the rules of the verdict, applied stage after stage.
 *
 *     events           what the recorder saw happen: deadlocks, misuses, hazards
 *     self_deadlock    a thread waits for a lock that it holds itself
 *     graph            dependencies -> which lock is wanted under which, in strongly connected components
 *     cycles           simple cycles of locks, shortest first, bounded
 *     feasibility      can the steps of a cycle happen at the same time: rules 1, 2, 3; asks segments
 *     fingerprint      the identity of a finding, from functions and static variables alone
 *     orders           the same between classes of locks; asks classes (which asks code_path) and discipline
 *
 * Nothing here does I/O or changes the world. */
#ifndef LOCKORDER_ANALYZER_VERDICT_VERDICT_H
#define LOCKORDER_ANALYZER_VERDICT_VERDICT_H

#include "fingerprint.h"

struct verdict_options {
    /* Findings of the kind `cycle` that are kept, as many of the kind `order`, and (in proportion) the work spent on looking for
     * them. 0: the default. */
    uint64_t max_cycles;
    struct fingerprint_names names;
};

/* More than anybody reads; what they need of memory and of the report's length is bounded by it. */
enum { VERDICT_DEFAULT_MAX_CYCLES = 1000 };

/* The findings, sorted: deadlocks first, then cycles, then orders; of one kind, the ones of fewer steps first, then those seen
 * more often. No two have the same fingerprint. Their titles and suggestions are not set: they need names of locks. The caller
 * frees them with findings_free. */
struct findings *verdict_find(const struct world *world, const struct verdict_options *options);

#endif
