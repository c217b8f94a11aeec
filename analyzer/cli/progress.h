/* How far a long analysis has come, in one line on stderr that goes away again: only on a terminal, and only when it takes longer
 * than a moment. */
#ifndef LOCKORDER_ANALYZER_CLI_PROGRESS_H
#define LOCKORDER_ANALYZER_CLI_PROGRESS_H

#include <stddef.h>

/* Between these two, what is said is shown. */
void progress_begin(void);
void progress_end(void);

/* "reading traces: 312 of 1000"; with all == 0, "looking up names: 312". Cheap enough for every step. */
void progress_say(const char *what, size_t done, size_t all);

#endif
