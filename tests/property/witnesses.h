/* Which witnesses of a dependency a recorder may leave out. A model: it thins out a world in which all of them are known, in the
 * order in which they were seen, as a recorder would have done while they came. */
#ifndef LOCKORDER_TESTS_WITNESSES_H
#define LOCKORDER_TESTS_WITNESSES_H

#include "world.h"

/* Keeps the first and the most recent `count` of each dependency. */
void witnesses_keep_first_and_recent(struct world *world, uint32_t count);

/* Keeps what matters of each thread. Between two segments of one thread lie creates and joins (and barriers, which are both):
 *
 *     only creates   whatever can run beside the earlier one can run beside the later one: the later one takes its place
 *     only joins     whatever can run beside the later one can run beside the earlier one: the later one is left out
 *     both           either may be beside what the other is not: both are kept
 *
 * For let s be before t in one thread. What ends before t and not before s came in by a join; what begins after s and not after t
 * went out by a create. Without joins nothing came in, so what is beside s is beside t; without creates, the other way round. So
 * in any combination one stands for the other, and no combination is lost, of whatever length. */
void witnesses_keep_turns(struct world *world);

#endif
