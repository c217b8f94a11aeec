/* Can two locks of one class take each other's place? Locks that one loop initialises, or one function for all its callers, are
 * of one class, though each may have its own part in the program: a queue before the lookahead and one behind it. Where they are
 * acquired tells: two pieces of code that take two such locks in opposite orders can only meet on two locks of which each has
 * been taken at both places where it would have to be. One piece of code that does both is believed to do that to any of them. */
#ifndef LOCKORDER_ANALYZER_VERDICT_EXCHANGE_H
#define LOCKORDER_ANALYZER_VERDICT_EXCHANGE_H

#include "classes.h"
#include "graph.h"

/* `loops`: the pairs of a class, upward and downward. Of classes that are known by something else than their initialisation it is
 * believed. */
bool exchange_is_possible(const struct world *world, const struct graph *graph, const struct classes *classes,
                          const uint32_t loops[2]);

#endif
