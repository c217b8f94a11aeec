/* The lock-order graph as a reader looks at it: a node for each class of locks (those that share a name, a kind and a module)
 * that were nested or waited for, an edge where a lock of the one class was held while a lock of the other one was wanted. All of
 * it, with its counts; the verdict has its own graph, of what lies on cycles only. */
#ifndef LOCKORDER_ANALYZER_REPORT_LOCK_GRAPH_H
#define LOCKORDER_ANALYZER_REPORT_LOCK_GRAPH_H

#include "report.h"

struct lock_node {
    const char *name;                 /* of the class; raw */
    const char *kind;                 /* "mutex" */
    const char *module;               /* base name of the file of code that it is known by; "" when unknown; raw */
    uint32_t locks;                   /* instances */
    uint64_t nested;                  /* how often one of them was wanted while another lock was held */
    uint32_t finding;                 /* the first that has it, from 1; 0: none */
    bool is_ordered;                  /* in an edge or a finding; else it was only waited for */
    uint64_t waits;                   /* how often one of them was not free when it was asked for, */
    uint64_t waited;                  /* and how long that took in all: nanoseconds */
    const struct contention *longest; /* where the longest wait was; NULL: none */
};

struct lock_edge {
    uint32_t held, wanted;                /* nodes */
    uint64_t count;                       /* how often it was seen; 0: in an event only */
    struct context_id held_at, wanted_at; /* one place of each */
    uint32_t finding;                     /* the first that has it, from 1; 0: none */
};

struct lock_graph {
    struct lock_node *nodes;
    uint32_t node_count;
    struct lock_edge *edges; /* in the order in which they were recorded */
    uint32_t edge_count;
    uint32_t *node_of; /* by lock: its node, from 1; 0: it is in none */
};

/* The names in it live as long as the report. */
void lock_graph_open(struct lock_graph *graph, const struct report *report);
void lock_graph_close(struct lock_graph *graph);

#endif
