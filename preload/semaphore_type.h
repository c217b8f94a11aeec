/* What glibc keeps in a semaphore. */
#ifndef LOCKORDER_PRELOAD_SEMAPHORE_TYPE_H
#define LOCKORDER_PRELOAD_SEMAPHORE_TYPE_H

#include <linux/futex.h>
#include <semaphore.h>
#include <stdint.h>

#include "lockorder/trace_format.h"

static inline uint32_t semaphore_value(const sem_t *semaphore)
{
    return __atomic_load_n((const uint32_t *)semaphore, __ATOMIC_RELAXED); /* how many wait is in the next word */
}

/* Named ones are shared, too. */
static inline uint32_t semaphore_flags(const sem_t *semaphore)
{
    int how_it_waits = ((const int *)semaphore)[2];
    return how_it_waits == FUTEX_PRIVATE_FLAG ? TRACE_LOCK_PROCESS_SHARED : 0U;
}

#endif
