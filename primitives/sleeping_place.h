/* Where a thread sleeps. */
#ifndef LOCKORDER_PRIMITIVES_SLEEPING_PLACE_H
#define LOCKORDER_PRIMITIVES_SLEEPING_PLACE_H

#include <lockorder/limit.h>

#include "self.h"

/* That of the calling thread. */
struct sleeping_place *own_place(void);

enum wake_reason { WOKEN, STOPPED, TIME_IS_UP };

/* Sleeps until one of two flags is set, which the place's mutex protects, or until the limit's time. When both are set, `woken`
 * counts. Either may be NULL: that does not happen. */
enum wake_reason place_sleep(struct sleeping_place *place, const bool *woken, const bool *stopped,
                             const struct lockorder_limit *limit);

/* Sets such a flag. After that, the flag may be gone. */
void place_wake(struct sleeping_place *place, bool *flag);

/* Sleeps until the semaphore is posted. */
void place_sleep_unlimited(struct sleeping_place *place);

#endif
