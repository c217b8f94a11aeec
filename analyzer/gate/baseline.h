/* The baseline: findings that are known, in a file kept under review beside the sources. They are told, and fail no gate.
 *
 *     {
 *       "baseline_version": 1,
 *       "findings": [
 *         {
 *           "fingerprint": "b2f47a42cd4d6ca5",
 *           "kind": "cycle",
 *           "title": "2 threads can deadlock: ...",
 *           "reason": "ticket 17: audit runs at night only",
 *           "expires": "2027-01-31"
 *         }
 *       ]
 *     }
 *
 * Sorted by fingerprint. Reason and expiry are the user's, or null; an update keeps them, and the title that is there, since the
 * names in titles may vary from run to run. On the day of expiry the entry still holds, on the next (in UTC) no more. */
#ifndef LOCKORDER_ANALYZER_GATE_BASELINE_H
#define LOCKORDER_ANALYZER_GATE_BASELINE_H

#include <stdio.h>

#include "error.h"
#include "finding.h"
#include "remarks.h"

struct baseline_entry {
    char *fingerprint, *kind, *title;
    char *reason, *expires; /* NULL: none */
};

struct baseline {
    struct baseline_entry *entries; /* sorted by fingerprint */
    uint32_t count;
};

/* Returns -1 with the error set, and nothing to clear, when the file is missing, unreadable, or no baseline. */
int baseline_read(struct baseline *baseline, const char *path, struct error *error);
void baseline_clear(struct baseline *baseline);

/* Sets the status of the findings that the baseline names and that are still new, and tells the entries that do nothing. */
void baseline_apply(const struct baseline *baseline, const char *path, const char *today, struct findings *findings,
                    struct remarks *remarks);

/* Makes it name those findings that are not suppressed, and no others. */
void baseline_update(struct baseline *baseline, const struct findings *findings);

int baseline_write(const struct baseline *baseline, FILE *stream, struct error *error);

#endif
