/* Traces -> one trace that says the same, each process beside the others. Processes that did the same in the same order (equal
 * but for numbers that the kernel gave, times, where memory was mapped, and counts) become one, with the larger of each count.
 *
 * Merging is a union of sets, with an order of its own for the result: associative, commutative and idempotent, byte by byte. So
 * a fleet may merge its traces in any groups, repeatedly, and as often as it likes. The larger count, not the sum, since a trace
 * that is merged twice must say no more than once. */
#ifndef LOCKORDER_ANALYZER_TRACE_MERGE_H
#define LOCKORDER_ANALYZER_TRACE_MERGE_H

#include <stdio.h>

#include "error.h"
#include "lockorder/trace_format.h"

struct merge *merge_new(void);
void merge_free(struct merge *merge);

/* Adds the processes of a trace, merged or not. Returns -1 with the error set where it cannot be read or is broken; then nothing
 * of use can be done with the merge. */
int merge_add(struct merge *merge, const char *path, struct error *error);

/* Says that builds of one module are to be joined by names. */
void merge_across_builds(struct merge *merge);

int merge_write(struct merge *merge, FILE *stream, struct error *error);

#endif
