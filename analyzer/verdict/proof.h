/* Which predicted cycles can be shown to happen: by a schedule that is the run's own, but for the order in which threads take
 * turns.
 *
 * Algorithm: the sync-preserving deadlocks of H. C. Tunç, U. Mathur, A. Pavlogiannis, M. Viswanathan, "Sound Dynamic Deadlock
 * Prediction in Linear Time", PLDI 2023. A schedule takes of each thread the first calls up to some point, in the order of the
 * timeline. It can be run if it is closed:
 *   - with a call that depends on calls of others (TIMELINE_TAKE, TIMELINE_FAIL), it has those;
 *   - of two acquisitions of one lock that exclude each other, it has the release of the earlier.
 * The smallest closed schedule in which each thread of the cycle comes to the step that closes it, and none goes beyond, ends in
 * the deadlock. Where one does go beyond, that thread's next call of the same kind is looked at; what is in the closed schedule
 * stays in it, so all of this takes time in proportion to the timeline. */
#ifndef LOCKORDER_ANALYZER_VERDICT_PROOF_H
#define LOCKORDER_ANALYZER_VERDICT_PROOF_H

#include "timeline.h"

/* One step of a cycle, as the timeline names things. */
struct proof_step {
    struct thread_id thread;
    uint64_t holds, wants; /* addresses of locks */
    struct context_id holds_context, wants_context;
};

/* A closed schedule that ends in the deadlock. */
struct proof {
    uint32_t *counts;   /* by thread of the timeline: how many of its calls are in it */
    uint32_t *stops_at; /* by step: position of the acquisition at which it blocks */
};

/* Whether there is one; then the caller clears *proof. */
bool proof_find(const struct timeline *timeline, const struct proof_step *steps, uint32_t step_count, struct proof *proof);
void proof_clear(struct proof *proof);

#endif
