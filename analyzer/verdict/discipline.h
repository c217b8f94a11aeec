/* Do pairs of locks of one class, or of classes that are taken in both orders, follow a rule that makes a cycle of instances
 * impossible? Four kinds of rules can be seen from outside:
 *
 *     address    every pair goes upward in memory, or every pair goes downward
 *     hierarchy  each lock is wanted under one other lock only (a tree, a list walked hand over hand), or each holds for
 *                one only; and most pairs share a lock with another pair, so that there is a hierarchy to speak of
 *     part       no lock is ever held in one pair and wanted in another: each has its part; and pairs that share a lock are so
 *                many that this is hardly chance: turned around at random, one in 64 times and less
 *     key        there is an order of the instances that all pairs keep to, whatever it is made of (a number, a rank), and
 *                pairs meet so often that this is hardly chance: among all ways to turn single pairs around, fewer than
 *                half have no cycle. That is Fisher's permutation test, "The Design of Experiments", 1935
 *
 * Pairs that never meet keep to some order trivially: they are no evidence of a rule. */
#ifndef LOCKORDER_ANALYZER_VERDICT_DISCIPLINE_H
#define LOCKORDER_ANALYZER_VERDICT_DISCIPLINE_H

#include "world.h"

struct instance_pair {
    uint32_t held, wanted; /* locks */
};

/* From how many different pairs on a rule is believed; UINT32_MAX: never. */
struct discipline_needs {
    uint32_t address_pairs, hierarchy_pairs;
};

/* Sorts the pairs and removes repeated ones. */
bool discipline_is_followed(const struct world *world, struct instance_pair *pairs, uint32_t count,
                            struct discipline_needs needs);

#endif
