/* The identity of a finding, the same in every run and after a rebuild: which functions hold and want the locks, in the circular
 * order of the steps. Lines, addresses, locks and threads have no part in it.
 *
 * Where a function has no name (a stripped binary) its module's file name and offset stand for it: stable from run to run, not
 * over a rebuild. */
#ifndef LOCKORDER_ANALYZER_VERDICT_FINGERPRINT_H
#define LOCKORDER_ANALYZER_VERDICT_FINGERPRINT_H

#include "finding.h"

/* Gives the name of the (not inlined) function that a frame is in, or NULL when it is unknown. Need not stay valid. */
typedef const char *fingerprint_function_name(void *closure, struct frame frame);

/* Frames, from the innermost, that tell one acquisition from another. More would make findings of every way that leads to the
 * same code; fewer would hide a fault behind another one that locks through the same helper function. */
enum { FINGERPRINT_FRAMES = 4 };

/* Keeps what it has found out about a context. The arguments must outlive it; `function_name` may be NULL: no names. */
struct fingerprinter *fingerprinter_new(const struct world *world, fingerprint_function_name *function_name, void *closure);
void fingerprinter_free(struct fingerprinter *fingerprinter);

/* The part of one step: both of its acquisitions. */
uint64_t fingerprint_step(struct fingerprinter *fingerprinter, struct context_id held, struct context_id wanted);

/* The fingerprint of a finding whose steps are these, whichever of them comes first. */
uint64_t fingerprint_steps(enum finding_kind kind, const uint64_t *steps, uint32_t step_count);

/* 16 hexadecimal digits; the caller frees them. */
char *fingerprint_text(uint64_t fingerprint);

#endif
