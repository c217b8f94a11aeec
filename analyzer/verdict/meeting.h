/* Two steps that were seen in two processes or runs: could two threads of one process do them at the same time? Nobody has seen
 * that, so it is concluded, and only where what was seen speaks for it:
 *
 * 1. One process can run both. Either both ran the same program, or the code that takes and wants the locks lies in libraries.
 * What a process and a child that it forked do is done in two processes on purpose: they are never joined, while two children
 * are.
 * 2. Two threads can do them. A thread's *role* is the function that it started with; the main thread has a role of its own,
 *    of which there is one thread. Different roles are different threads. Of one role, two threads are
 *    believed where a process has had two at a time; where no process had another one at all, it is a *doubt*.
 * 3. They can overlap, as far as creating and joining threads says (rule 3), in each of the two processes: the step overlaps with
 * a thread of the other step's role, or, where there never was one, with any other thread. So what is done before the first
 * thread is created, or after the last one is joined, meets nothing.
 * 4. No guard (rule 2): both hold no locks, in modes that exclude each other, that may be one lock in one process: initialised by
 * the same code, or of one name. Static ones were united before. */
#ifndef LOCKORDER_ANALYZER_VERDICT_MEETING_H
#define LOCKORDER_ANALYZER_VERDICT_MEETING_H

#include "candidates.h"
#include "segments.h"

enum meeting_answer { MEETING_IMPOSSIBLE, MEETING_DOUBTFUL, MEETING_POSSIBLE };

/* The arguments must outlive it. */
struct meetings *meetings_new(const struct world *world, const struct fingerprint_names *names, struct segments *segments);
void meetings_free(struct meetings *meetings);

/* Of candidates of a united world (united.h). Those of one process may meet unless they only seem to share a lock, which had two
 * lives there (rule 12); the rules for one process are asked elsewhere. */
enum meeting_answer meetings_of(struct meetings *meetings, const struct candidate *left, const struct candidate *right);

/* Whether some process has shown a candidate of each choice: all of a ring, in the same code. Then that was judged there,
 * whatever came out, and a run that is looked at twice says no more than once. */
bool meetings_one_process_has_all(const struct meetings *meetings, const struct choice *choices, uint32_t count);

#endif
