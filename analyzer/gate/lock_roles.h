/* The names by which a file of orders knows locks: one for each role (verdict/classes.h), the same in every run and every build
 * as far as the code allows it. A name that the program gave; else the static variable without subscripts; else the function that
 * initialised the lock, or that locked it first. Where that is the same for two roles, their callers, modules, or at last lines
 * tell them apart. */
#ifndef LOCKORDER_ANALYZER_GATE_LOCK_ROLES_H
#define LOCKORDER_ANALYZER_GATE_LOCK_ROLES_H

#include "report/report.h"
#include "verdict/fingerprint.h"

/* The report must outlive it; `names` is used in this call only. */
struct lock_roles *lock_roles_new(const struct report *report, const struct fingerprint_names *names);
void lock_roles_free(struct lock_roles *roles);

/* NULL for a lock whose role nothing tells from another one's. */
const char *lock_roles_name(const struct lock_roles *roles, struct lock_id lock);

#endif
