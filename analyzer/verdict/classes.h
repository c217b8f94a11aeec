/* Which locks play the same role. Instances never tell; the program does, and else its code, asked in this order:
 *
 * 0. Locks to which the program gave one name are one class. Where it declared nesting levels, those of one level are.
 * 1. A static lock is its variable, without subscripts: all accounts[].lock are one class. Members of single variables that one
 *    function initialises (alice.lock and bob.lock, by account_init) are one class, too.
 * 2. A lock that was seen being initialised is known by the code that did so. The innermost function says which; callers count as
 *    far as they tell groups of several locks apart, since such a caller is a factory of its own (account_new and bank_new, both
 *    through mutex_new). Where each lock has a caller of its own, the callers' functions tell, not their lines: four accounts
 *    opened by four lines of main are one class. A program that locks through a wrapper is taken to initialise through one.
 * 3. Any other lock is known by the code that acquires it, seen through lock wrappers (code_path.h); places that acquire one lock
 *    are of one class.
 *    In 2. and 3., where unwinding stopped early, nothing tells a wrapper from other code: such locks are by themselves.
 * 4. A semaphore that is not static is a class of its own. Interpreters make locks of them for the programs that they run: the
 * code that is seen is the interpreter's, one for all.
 *
 * When unsure, classes are rather too small than too large: what is missed so is a finding between classes less often than what
 * would be invented is a false alarm. Locks of different processes are of different classes. */
#ifndef LOCKORDER_ANALYZER_VERDICT_CLASSES_H
#define LOCKORDER_ANALYZER_VERDICT_CLASSES_H

#include "fingerprint.h"

struct classes {
    uint32_t *class_of; /* by lock: 1, 2, ...; 0 for a lock in no dependency */
    uint32_t count;
    bool *initialised_together; /* by lock: what it has in common with its class is the code that initialises them (2.) */
    uint64_t *site_of;          /* by context: a number for the place, seen through wrappers; 0 where no such lock is acquired */
};

struct classes classes_find(const struct world *world, const struct fingerprint_names *names);
void classes_free(struct classes *classes);

#endif
