/* Can the steps of a cycle of lock pairs happen at the same time? One function for each rule of the verdict, and an exact search
 * for a choice of dependencies and witnesses that fulfils all of them. */
#ifndef LOCKORDER_ANALYZER_VERDICT_FEASIBILITY_H
#define LOCKORDER_ANALYZER_VERDICT_FEASIBILITY_H

#include "candidates.h"
#include "meeting.h"
#include "segments.h"

/* The arguments must outlive it. What is done takes from *work: 1 for each comparison of two candidates. */
struct feasibility *feasibility_new(const struct world *world, const struct graph *graph, struct segments *segments,
                                    struct fingerprinter *fingerprinter, uint64_t *work);
void feasibility_free(struct feasibility *feasibility);

/* Of classes: two steps whose locks lie in one of these components were judged as locks, and what was pruned there is not to come
 * back here. By lock; 0: in none. The array must outlive the feasibility. */
void feasibility_set_judged(struct feasibility *feasibility, const uint32_t *component_of);

/* Of a united world: steps of different processes also have to be able to meet in one (meeting.h), without or with doubts. The
 * meetings must outlive the feasibility. */
void feasibility_set_meetings(struct feasibility *feasibility, struct meetings *meetings);
void feasibility_allow_doubts(struct feasibility *feasibility, bool allowed);

const struct pair_candidates *feasibility_candidates(struct feasibility *feasibility, uint32_t pair);

/* Rule 1. */
bool feasibility_threads_differ(const struct candidate *left, const struct candidate *right);

/* Rule 2: no guard, which is a lock that both hold, in modes that exclude each other. */
bool feasibility_shares_no_guard(struct feasibility *feasibility, const struct candidate *left, const struct candidate *right);

/* Rule 3. */
bool feasibility_can_overlap(struct feasibility *feasibility, const struct candidate *left, const struct candidate *right);

/* Rule 5, as far as two can tell: where one wants what the other holds, it has to wait. The modes exclude each other; or both
 * read, at a lock that prefers writers and that somebody locks for writing. Where nodes are classes, two lives of one address
 * never are one lock. */
bool feasibility_blocks(const struct feasibility *feasibility, const struct candidate *left, const struct candidate *right);

/* Whether `waiting`, which wants what `holding` holds, waits only behind a writer. */
bool feasibility_needs_writer(const struct candidate *waiting, const struct candidate *holding);

/* The rest of rule 5: a reader waits for a reader only behind a writer that waits. So for each such wait there has to be one more
 * thread, which wants the lock exclusively and fulfils rules 1 to 3 with all steps and with the other writers. */
bool feasibility_has_writers(struct feasibility *feasibility, const struct candidate *const *steps, uint32_t count);

/* The same for a thread that reads what it already reads: a witness in which a writer can come in between, or none. */
struct segment_id feasibility_reader_behind_writer(struct feasibility *feasibility, struct dependency_id dependency,
                                                   uint32_t held_index);

/* Whether some candidates of these pairs, one of each, can happen at the same time. False also when *work came to 0. */
bool feasibility_allows(struct feasibility *feasibility, const uint32_t *pairs, uint32_t count);

/* Chooses a candidate from each range such that every two of them fulfil the rules, and stores them: without time-outs if that
 * can be, else the first choice in the order of preference. False when there is none, or when *work came to 0. */
bool feasibility_choose(struct feasibility *feasibility, const struct choice *choices, uint32_t count,
                        const struct candidate **chosen);

/* Whether pairs of classes had more candidates than are looked at, so that some were left out. */
bool feasibility_left_out(const struct feasibility *feasibility);

/* How long a cycle in this component can be at most by rule 1: the number of threads that were seen in it. 0 where rule 2
 * excludes any: all that was seen there was seen under one guard. */
uint32_t feasibility_longest(struct feasibility *feasibility, const struct component *component);

#endif
