/* What is known of call sites that acquire locks, by return address. Call with the recorder lock held.
 *
 * A *direct* site's function releases the lock itself: it is still running while the lock is held, and its callers can be seen
 * then. In any other function (a wrapper) the frames up to the lock's user have gone by then: there, the call path is checked at
 * every acquisition (call_path.h). The first release after an acquisition tells which it is. */
#ifndef LOCKORDER_PRELOAD_CALL_SITE_H
#define LOCKORDER_PRELOAD_CALL_SITE_H

#include <stdint.h>

enum call_site { CALL_SITE_UNKNOWN = 0, CALL_SITE_DIRECT, CALL_SITE_WRAPPER };

enum call_site call_site_of(uintptr_t return_address);

/* A lock acquired at one site and frame address was released at another: the same function at the same stack depth makes the
 * first one direct. The first answer stays. */
enum call_site call_site_classify(uintptr_t acquired, uintptr_t acquired_frame, uintptr_t released, uintptr_t released_frame);

#endif
