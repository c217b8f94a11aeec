/* Which findings touch the code that the user works on: told first; the others are folded to a line. They fail the gate as ever.
 */
#ifndef LOCKORDER_ANALYZER_GATE_MINE_H
#define LOCKORDER_ANALYZER_GATE_MINE_H

#include "report/report.h"

/* Each text is a folder of sources, or a module: a path, or a pattern for the last part of its path. A finding touches it with
 * any line of its stacks. With no text, all are the user's. */
void mine_apply(const char *const *texts, size_t count, const struct report *report, struct findings *findings);

#endif
