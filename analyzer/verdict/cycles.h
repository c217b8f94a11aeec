/* The cycles of the lock-order graph: chains of lock pairs, each wanting the lock that the next one holds, no lock twice. The
 * shorter ones first. There may be more than anybody could look at, so work is bounded, and chains that the visitor refuses are
 * not extended. */
#ifndef LOCKORDER_ANALYZER_VERDICT_CYCLES_H
#define LOCKORDER_ANALYZER_VERDICT_CYCLES_H

#include "graph.h"

struct cycle_visitor {
    /* Whether a cycle may begin with, or be, this chain of pairs. If not, no extension of it is asked for. */
    bool (*allows)(void *closure, const uint32_t *pairs, uint32_t count);
    /* A cycle, every beginning of which was allowed. Its first pair holds the lock of lowest index. Called once for each. */
    void (*found)(void *closure, const uint32_t *pairs, uint32_t count);
    void *closure; /* their first argument */
};

/* Finds the cycles of up to `longest` pairs in a component. Each chain looked at takes 1 from *work, to which the visitor may
 * add what it takes itself by taking from it, too. Returns false when *work came to 0 before the end. */
bool cycles_find(const struct graph *graph, const struct component *component, uint32_t longest,
                 const struct cycle_visitor *visitor, uint64_t *work);

#endif
