/* Several processes or runs, looked at as if they were one: static locks at the same place of the same file of code, told by its
 * build-id, are one lock; in a world across builds, those of the same name in builds of the same module. All else stays what it
 * is in its process. A ring of locks may then have sides that were seen in different runs; whether these could be in one process
 * is asked of meeting.h. */
#ifndef LOCKORDER_ANALYZER_VERDICT_UNITED_H
#define LOCKORDER_ANALYZER_VERDICT_UNITED_H

#include "finding.h"
#include "fingerprint.h"
#include "graph.h"

struct united {
    struct world world; /* with dependencies of its own, in the same places; all else is the original's */
    bool any;           /* some lock is one with that of another process */
};

/* The world must outlive it, and must not change meanwhile. */
struct united united_new(const struct world *world, const struct fingerprint_names *names);
void united_clear(struct united *united);

/* Whether one of the findings is a ring of these pairs of locks, of the united world's graph, in one process: then it is told,
 * and that other processes could have parts of it says nothing more. */
bool united_ring_is_told(const struct united *united, const struct findings *findings, const struct graph *graph,
                         const uint32_t *pairs, uint32_t count);

#endif
