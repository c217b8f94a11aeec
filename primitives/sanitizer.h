/* ThreadSanitizer of gcc 12 and clang 14 does not know the waits of pthreads that name their clock. In builds under it, they are
 * told to it here; in all others this is nothing. */
#ifndef LOCKORDER_PRIMITIVES_SANITIZER_H
#define LOCKORDER_PRIMITIVES_SANITIZER_H

#if defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define LOCKORDER_TSAN
#endif
#elif defined(__SANITIZE_THREAD__)
#define LOCKORDER_TSAN
#endif

/* BEFORE_LOCK and AFTER_LOCK stand around a call, the latter with the call's error. AFTER_WAIT: a semaphore's permit was taken. */
#ifdef LOCKORDER_TSAN
#include <sanitizer/tsan_interface.h>
#define WRITES 0
#define READS __tsan_mutex_read_lock
#define BEFORE_LOCK(lock, mode) __tsan_mutex_pre_lock(lock, __tsan_mutex_try_lock | (mode))
#define AFTER_LOCK(lock, mode, error) \
    __tsan_mutex_post_lock(lock, __tsan_mutex_try_lock | (mode) | ((error) == 0 ? 0 : __tsan_mutex_try_lock_failed), 0)
#define AFTER_WAIT(semaphore) __tsan_acquire(semaphore)
#else
#define BEFORE_LOCK(lock, mode) ((void)0)
#define AFTER_LOCK(lock, mode, error) ((void)0)
#define AFTER_WAIT(semaphore) ((void)0)
#endif

#endif
