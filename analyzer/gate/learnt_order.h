/* Which roles of locks were taken under which others, in all processes of a world. */
#ifndef LOCKORDER_ANALYZER_GATE_LEARNT_ORDER_H
#define LOCKORDER_ANALYZER_GATE_LEARNT_ORDER_H

#include <stdio.h>

#include "lock_roles.h"

/* "A lock called `after` was taken while one called `before` was held." */
struct learnt_pair {
    const char *before, *after;
    uint64_t count;
    uint32_t *uses; /* dependencies, and which of their held locks: in pairs */
    uint32_t use_count;
};

struct learnt_order {
    struct learnt_pair *pairs; /* sorted by both names */
    uint32_t count;
    uint32_t nameless; /* pairs that are left out, since a lock has no name of its own */
};

/* The roles must outlive it. */
struct learnt_order learnt_order_find(const struct world *world, const struct lock_roles *roles);
void learnt_order_clear(struct learnt_order *order);

/* "991 times, in transfer (bank.c)"; the caller frees. */
char *learnt_order_example(const struct learnt_pair *pair, const struct report *report);

/* Writes a line "A before B" for each pair, with such a comment. Pairs against those seen more often are comments themselves, so
 * that the file contradicts itself nowhere. */
void learnt_order_write(const struct learnt_order *order, const struct report *report, FILE *stream);

#endif
