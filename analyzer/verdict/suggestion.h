/* The obvious repair, where there is one. */
#ifndef LOCKORDER_ANALYZER_VERDICT_SUGGESTION_H
#define LOCKORDER_ANALYZER_VERDICT_SUGGESTION_H

#include "finding.h"

/* How many times as often one order has to be seen as the other to be called the usual one. */
enum { SUGGESTION_CLEARLY_MORE = 10 };

/* One sentence: which of two orders to keep everywhere, because it is clearly the usual one. NULL where that is not so: nothing
 * is obvious. The caller frees it. It holds names from the observed program as they are. */
char *suggestion_text(const struct world *world, const struct finding *finding, finding_lock_name *lock_name, void *closure);

#endif
