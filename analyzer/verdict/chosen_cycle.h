/* A cycle, of locks or of classes, that is being turned into findings: one for each combination of variants of its dependencies.
 */
#ifndef LOCKORDER_ANALYZER_VERDICT_CHOSEN_CYCLE_H
#define LOCKORDER_ANALYZER_VERDICT_CHOSEN_CYCLE_H

#include "feasibility.h"
#include "finding.h"
#include "graph.h"

/* Cycles longer than this are not looked for, and counted as cut where there may be some. */
enum { LONGEST_CYCLE = 256 };

struct chosen_cycle {
    const uint32_t *pairs;
    uint32_t count;
    struct choice choices[LONGEST_CYCLE];
    const struct candidate *chosen[LONGEST_CYCLE];
    bool is_doubtful; /* two of its steps may be one thread's */
};

bool chosen_cycle_is_timed(const struct chosen_cycle *cycle);
bool chosen_cycle_needs_writer(const struct chosen_cycle *cycle);

/* How often its orders were seen, together. */
uint64_t chosen_cycle_count(const struct chosen_cycle *cycle, const struct graph *graph);

/* As a finding has them; the caller owns them. */
struct finding_step *chosen_cycle_steps(const struct chosen_cycle *cycle, const struct graph *graph, const struct world *world);

#endif
