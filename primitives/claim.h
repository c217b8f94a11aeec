/* What the two ways to claim locks share. */
#ifndef LOCKORDER_PRIMITIVES_CLAIM_H
#define LOCKORDER_PRIMITIVES_CLAIM_H

#include <lockorder/ordered.h>

/* Puts a claim whose locks have been taken before the others of the calling thread. */
void claim_enter(struct lockorder_claim *claim, const struct lockorder_order *order, const struct lockorder_lockable *locks,
                 size_t count);

/* What failed claims do. */
void claim_release_in_reverse(const struct lockorder_lockable *locks, size_t count);

#endif
