/* Whether a thread may have been told to end: then functions that are cancellation points look, each time. Most programs never
 * cancel a thread, and need not look. Set for good by the first cancellation, or by what may hide one. */
#ifndef LOCKORDER_PRELOAD_CANCELLATION_H
#define LOCKORDER_PRELOAD_CANCELLATION_H

#include <stdbool.h>

extern bool cancellation_is_possible __attribute__((visibility("hidden")));

static inline void cancellation_expect(void)
{
    __atomic_store_n(&cancellation_is_possible, true, __ATOMIC_RELAXED);
}

#endif
