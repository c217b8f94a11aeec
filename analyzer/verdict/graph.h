/* Dependencies -> the lock-order graph. A node is a lock; a pair (held, wanted) is an edge: some thread held the one and wanted
 * the other. Pairs that lie on no cycle of pairs are left out at once, which in most programs is nearly all of them.
 *
 * The same for classes of locks: a node is a class, given as a lock_id all the same, and a loop is a class of which some thread
 * held one lock and wanted another one. There are two loops for each such class, the uses that go up in memory and those that go
 * down, since one of them alone is a discipline.
 *
 * Time and memory are in proportion to the locks and to the held lists' lengths. */
#ifndef LOCKORDER_ANALYZER_VERDICT_GRAPH_H
#define LOCKORDER_ANALYZER_VERDICT_GRAPH_H

#include "world.h"

/* One dependency that has the pair: it holds held[held_index] and wants its lock. */
struct pair_use {
    struct dependency_id dependency;
    uint32_t held_index;
};

struct lock_pair {
    struct lock_id held, wanted;
    uint64_t count; /* how often it was seen: all witnesses of all its uses */
    size_t first_use;
    uint32_t use_count;
};

/* A strongly connected component: locks that all lie on cycles with each other. Its pairs are those inside it. */
struct component {
    uint32_t first_lock, lock_count; /* in graph.component_locks, ascending */
    uint32_t pair_count;
};

struct graph {
    const uint32_t *class_of; /* by lock: its node; NULL where a lock is one itself */
    struct pair_use *uses;    /* the uses of a pair are neighbours */
    struct lock_pair *pairs;  /* sorted by held, then by wanted lock; only those inside a component. Then the loops */
    uint32_t pair_count;
    uint32_t loop_count;          /* at pairs[pair_count]: upward and downward in turn, one of which may have no use */
    uint32_t *first_pair;         /* by lock: where the pairs start in which it is held; one more than locks */
    uint32_t *first_reverse;      /* by lock: the same in reverse_held, of those in which it is wanted */
    uint32_t *reverse_held;       /* held locks of pairs, sorted by wanted, then by held lock */
    struct component *components; /* of two locks and more */
    uint32_t component_count;
    uint32_t *component_locks;
    uint32_t *component_of; /* by node: 1, 2, ..., or 0 where it is in none */
};

/* A dependency whose wanted lock is among its held ones takes no part. */
struct graph *graph_new(const struct world *world);

/* Of classes: class_of gives a number from 1 to class_count for each lock, 0 for one that takes no part. It must outlive the
 * graph. */
struct graph *graph_new_of_classes(const struct world *world, const uint32_t *class_of, uint32_t class_count);
void graph_free(struct graph *graph);

/* The node that a lock belongs to. */
static inline struct lock_id graph_node(const struct graph *graph, struct lock_id lock)
{
    return graph->class_of == NULL ? lock : (struct lock_id){graph->class_of[lock.index]};
}

/* The index of a pair, or UINT32_MAX. Logarithmic. */
uint32_t graph_find_pair(const struct graph *graph, struct lock_id held, struct lock_id wanted);

#endif
