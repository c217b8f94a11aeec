/* The ways in which a pair of locks, or of classes, is seen: at several places, under several other locks, by several threads.
 * Ways that the rules cannot tell apart are one candidate. Candidates whose functions are the same (fingerprint_step) are one
 * variant of the pair: cycles of different variants are different findings. */
#ifndef LOCKORDER_ANALYZER_VERDICT_CANDIDATES_H
#define LOCKORDER_ANALYZER_VERDICT_CANDIDATES_H

#include "fingerprint.h"
#include "graph.h"
#include "held_sets.h"

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
    uint32_t looked_at; /* uses and witnesses that this was made of */
    bool left_out;      /* there were more, of two classes, than are looked at */
};

/* What they are made from. */
struct candidate_source {
    const struct world *world;
    const struct graph *graph;
    struct held_sets *held_sets;
    struct fingerprinter *fingerprinter;
};

struct pair_candidates *candidates_new(const struct candidate_source *source, const struct lock_pair *pair);
void candidates_free(struct pair_candidates *candidates);

/* One for each witness of the dependency, as many as it has at most. A witness whose thread is not known cannot be told from the
 * others' threads, and makes none. Returns how many. */
uint32_t candidates_of_use(const struct candidate_source *source, struct pair_use use, struct candidate *candidates);

#endif
