/* The recorder's own lock: a futex word, so that no interposable function is involved.
 * Algorithm: Ulrich Drepper, "Futexes Are Tricky", 2011, mutex 2 (0 free, 1 taken, 2 taken and waited for). */
#ifndef LOCKORDER_PRELOAD_RECORDER_LOCK_H
#define LOCKORDER_PRELOAD_RECORDER_LOCK_H

#include <linux/futex.h>
#include <stdint.h>
#include <sys/syscall.h>

#include "raw_system_call.h"

struct recorder_lock {
    uint32_t word;
};

static inline void recorder_lock_take_contended(struct recorder_lock *lock)
{
    while (__atomic_exchange_n(&lock->word, 2, __ATOMIC_ACQUIRE) != 0)
        essential_system_call(SYS_futex, (long)&lock->word, FUTEX_WAIT_PRIVATE, 2, 0, 0, 0);
}

static inline void recorder_lock_take(struct recorder_lock *lock)
{
    uint32_t free_word = 0;
    if (!__atomic_compare_exchange_n(&lock->word, &free_word, 1, 0, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED))
        recorder_lock_take_contended(lock);
}

static inline void recorder_lock_release(struct recorder_lock *lock)
{
    if (__atomic_exchange_n(&lock->word, 0, __ATOMIC_RELEASE) == 2)
        essential_system_call(SYS_futex, (long)&lock->word, FUTEX_WAKE_PRIVATE, 1, 0, 0, 0);
}

#endif
