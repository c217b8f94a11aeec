/* What glibc keeps in a spinlock. */
#ifndef LOCKORDER_PRELOAD_SPIN_TYPE_H
#define LOCKORDER_PRELOAD_SPIN_TYPE_H

#include <pthread.h>
#include <stdbool.h>

/* On x86, 1 is free. */
static inline bool spin_is_locked(const pthread_spinlock_t *lock)
{
    return *lock <= 0;
}

#endif
