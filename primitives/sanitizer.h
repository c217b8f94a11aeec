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

#ifdef LOCKORDER_TSAN
#include <sanitizer/tsan_interface.h>
#define TOLD_LOCKED(lock) __tsan_mutex_post_lock(lock, 0, 0)
#define TOLD_READ_LOCKED(lock) __tsan_mutex_post_lock(lock, __tsan_mutex_read_lock, 0)
#define TOLD_POSTED(semaphore) __tsan_acquire(semaphore)
#else
#define TOLD_LOCKED(lock) ((void)(lock))
#define TOLD_READ_LOCKED(lock) ((void)(lock))
#define TOLD_POSTED(semaphore) ((void)(semaphore))
#endif

#endif
