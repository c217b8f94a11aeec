/* Orders between classes of locks. A ring is a cycle of classes, or one class of which some pairs of locks are taken upward in
 * memory and some downward: then the same code, or code of the same kind, can meet itself on two locks, although it did not in
 * this run. That the steps of a ring can happen at the same time is asked of feasibility.h, with the same rules as for instances:
 * what they prune there does not come back here. What is asked here is whether the instances follow a rule (discipline.h). */
#ifndef LOCKORDER_ANALYZER_VERDICT_ORDERS_H
#define LOCKORDER_ANALYZER_VERDICT_ORDERS_H

#include "finding.h"
#include "fingerprint.h"
#include "graph.h"

/* The arguments must outlive it. component_of is that of the graph of locks, see feasibility_set_judged. */
struct orders *orders_new(const struct world *world, const struct fingerprint_names *names, const uint32_t *component_of);
void orders_free(struct orders *orders);

/* Of classes; changed by no one but who sorts its components. */
struct graph *orders_graph(const struct orders *orders);

/* Whether a cycle was found whose locks make the ring: all are of the one class, or it goes from each class of the ring to the
 * next. Then that is the better example of the same fault. */
bool orders_ring_is_cycle(const struct orders *orders, const struct findings *findings, const uint32_t *pairs, uint32_t count);

/* Whether what the pairs of a ring are made of follows a rule. For one class: its loops, upward and downward. */
bool orders_ring_follows_rule(const struct orders *orders, const uint32_t *pairs, uint32_t count);

/* The same for all pairs and loops of a component: a tree whose nodes are of two classes is none for either of them. */
bool orders_component_follows_rule(const struct orders *orders, const struct component *component);

/* Whether one thread alone did all of the ring, of two pairs, on different locks and without a guard. Then the steps say where.
 */
bool orders_are_of_one_thread(const struct orders *orders, const uint32_t pairs[2], struct finding_step steps[2]);

#endif
