/* What a reader calls a lock. One that the program has named is called that. Else a static lock has its variable's name; any
 * other is known by where it was initialised, else by where it was first locked. */
#ifndef LOCKORDER_ANALYZER_REPORT_LOCK_NAME_H
#define LOCKORDER_ANALYZER_REPORT_LOCK_NAME_H

#include "finding.h"
#include "symbols/symbolize.h"

/* The arguments must outlive it. Different locks of one process that the findings speak of get different names. */
struct lock_names *lock_names_new(const struct world *world, const struct findings *findings, struct symbolizer *symbolizer);
void lock_names_free(struct lock_names *names);

/* "accounts[0].lock", or "mutex #7 initialised at bank.c:20 open_account". Raw text, valid until lock_names_free.
 * The first argument is a struct lock_names, as a closure for those who know only lock ids. */
const char *lock_names_name(void *names, struct lock_id lock);

/* "accounts[0].lock", or "mutex #7": where there is little room. */
const char *lock_names_short(struct lock_names *names, struct lock_id lock);

/* The role, the same for locks that play it together, and the same in a rebuilt program: "accounts[].lock",
 * "initialised in open_account". */
const char *lock_names_class(struct lock_names *names, struct lock_id lock);

/* "mutex", "recursive mutex", "read-write lock", ...; "lock" for a kind that this version does not know. */
const char *lock_kind_name(enum trace_lock_kind kind);

#endif
