/* Rule 3: may two segments run at the same time? They may unless a chain of create, join and barriers leads from the end of
 * one to the beginning of the other, in every run. Mutexes, conditions and semaphores order nothing here: see docs/verdict.md.
 *
 * Building takes time and memory in proportion to the number of segments. A question is nearly always answered by comparing a
 * few numbers; at worst it searches the segments in between. */
#ifndef LOCKORDER_ANALYZER_VERDICT_SEGMENTS_H
#define LOCKORDER_ANALYZER_VERDICT_SEGMENTS_H

#include "world.h"

/* Needs what trace_load promises: a segment refers only to segments of lower index. The world must outlive it. */
struct segments *segments_new(const struct world *world);
void segments_free(struct segments *segments);

/* Whether `first` has ended before `second` begins. Not so of a segment and itself. */
bool segments_are_ordered(struct segments *segments, struct segment_id first, struct segment_id second);

/* Whether neither has ended before the other begins. Two segments of one thread never are concurrent. */
bool segments_are_concurrent(struct segments *segments, struct segment_id left, struct segment_id right);

#endif
