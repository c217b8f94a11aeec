/* Findings by numbers that identify them. */
#ifndef LOCKORDER_ANALYZER_VERDICT_KNOWN_H
#define LOCKORDER_ANALYZER_VERDICT_KNOWN_H

#include "allocate.h"
#include <stdint.h>
#include <uthash.h>

/* In known.finding: a limit kept this one from being a finding. */
enum { NO_FINDING = -1 };

struct known {
    uint64_t key;
    int64_t finding; /* its index in the list of findings */
    UT_hash_handle hh;
};

/* NULL when it is not known. */
struct known *known_find(struct known *table, uint64_t key);
void known_add(struct known **table, uint64_t key, int64_t finding);
void known_free(struct known **table);

/* A number for which steps there are, given theirs (fingerprint_step), however often and in whatever order. */
uint64_t known_step_set(const uint64_t *signatures, uint32_t count);

#endif
