/* Can the steps of a cycle of lock pairs happen at the same time? One function for each rule of the verdict, and an exact search
 * for a choice of dependencies and witnesses that fulfils all of them.
 *
 * A pair of locks is seen in many ways: at several places, under several other locks, by several threads. Ways that the rules
 * cannot tell apart are one candidate. Candidates whose functions are the same (fingerprint_step) are one variant of the pair:
 * cycles of different variants are different findings. */
#ifndef LOCKORDER_ANALYZER_VERDICT_FEASIBILITY_H
#define LOCKORDER_ANALYZER_VERDICT_FEASIBILITY_H

#include "fingerprint.h"
#include "graph.h"
#include "segments.h"

/* One way in which one thread can hold and want the locks of a pair. */
struct candidate {
    struct dependency_id dependency;
    uint32_t held_index;
    struct lock_id held, wanted; /* nodes of the graph */
    struct lock_id held_lock, wanted_lock;
    struct thread_id thread;
    struct segment_id segment;
    uint32_t held_set; /* all that is held; equal for equal lists */
    enum trace_mode held_mode, wanted_mode;
    bool timed;         /* the wait has a time-out */
    uint64_t count;     /* how often this dependency was seen */
    uint64_t signature; /* fingerprint_step */
};

/* A range of candidates, in the order in which they are preferred: those without time-out, then the ones seen more often. */
struct choice {
    const struct candidate *first, *end;
    const struct candidate *first_timed; /* == end when none has a time-out */
};

/* The candidates of one pair. Made when first asked for. */
struct pair_candidates {
    struct candidate *by_variant; /* sorted by signature */
    struct choice *variants;
    uint32_t variant_count;
    struct candidate *regardless; /* what the rules can tell apart, whatever its variant; NULL when there is one variant */
    struct choice any;
};

/* The arguments must outlive it. What is done takes from *work: 1 for each comparison of two candidates. */
struct feasibility *feasibility_new(const struct world *world, const struct graph *graph, struct segments *segments,
                                    struct fingerprinter *fingerprinter, uint64_t *work);
void feasibility_free(struct feasibility *feasibility);

/* Of classes: two steps whose locks lie in one of these components were judged as locks, and what was pruned there is not to come
 * back here. By lock; 0: in none. The array must outlive the feasibility. */
void feasibility_set_judged(struct feasibility *feasibility, const uint32_t *component_of);

const struct pair_candidates *feasibility_candidates(struct feasibility *feasibility, uint32_t pair);

/* Rule 1. */
bool feasibility_threads_differ(const struct candidate *left, const struct candidate *right);

/* Rule 2: no guard, which is a lock that both hold, in modes that exclude each other. */
bool feasibility_shares_no_guard(struct feasibility *feasibility, const struct candidate *left, const struct candidate *right);

/* Rule 3. */
bool feasibility_can_overlap(struct feasibility *feasibility, const struct candidate *left, const struct candidate *right);

/* Rule 5. Where one wants what the other holds, it has to wait: the modes exclude each other, or both read and a writer that waits
 * comes first. Where nodes are classes, two lives of one address never are the same lock. */
bool feasibility_blocks(const struct feasibility *feasibility, const struct candidate *left, const struct candidate *right);

/* Whether `waiting`, which wants what `holding` holds, waits only when a third thread waits to write. */
bool feasibility_needs_writer(const struct candidate *waiting, const struct candidate *holding);

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
