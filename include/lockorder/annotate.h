/* Telling lockorder about locks that it cannot see: a program's own, made of futexes or atomics. And: names for locks, and the order
 * in which they are meant to be taken.
 *
 *     static void my_lock(struct my_lock *lock)
 *     {
 *         lockorder_acquire(lock, LOCKORDER_EXCLUSIVE);
 *         while (!try_to_take(lock))
 *             wait_a_little(lock);
 *         lockorder_acquired(lock, LOCKORDER_EXCLUSIVE);
 *     }
 *
 * Nothing is to be linked. In a program that runs without the recorder, each of these is one test of a null pointer.
 *
 * All of them: statements, in any thread, also from a signal handler; never fail; keep errno. A lock is named by any address of its own,
 * which is not read. Its life ends when the memory around it is freed, or with lockorder_destroyed. C11 and C++11. */
#ifndef LOCKORDER_ANNOTATE_H
#define LOCKORDER_ANNOTATE_H

#ifdef __cplusplus
extern "C" {
#endif

enum lockorder_mode {
    LOCKORDER_EXCLUSIVE = 1,
    LOCKORDER_SHARED = 2 /* held by any number of readers */
};

/* What the recorder defines; null without it. Not to be called: what is below is. */
#define LOCKORDER_OF_RECORDER __attribute__((weak, visibility("default")))
LOCKORDER_OF_RECORDER void lockorder_recorder_acquire(const volatile void *lock, enum lockorder_mode mode);
LOCKORDER_OF_RECORDER void lockorder_recorder_acquired(const volatile void *lock, enum lockorder_mode mode);
LOCKORDER_OF_RECORDER void lockorder_recorder_gave_up(const volatile void *lock);
LOCKORDER_OF_RECORDER void lockorder_recorder_released(const volatile void *lock);
LOCKORDER_OF_RECORDER void lockorder_recorder_destroyed(const volatile void *lock);
LOCKORDER_OF_RECORDER void lockorder_recorder_name(const volatile void *lock, const char *name, unsigned level);
LOCKORDER_OF_RECORDER void lockorder_recorder_order(const char *before, const char *after);
LOCKORDER_OF_RECORDER void lockorder_recorder_epoch(void);

/* The recorder's function, or null. Asked for in a way that lets it come from outside also in executables that are linked to one
 * address: there, linkers make plain references to missing weak functions null for good. */
#if defined(__x86_64__)
#define LOCKORDER_FIND(function)                                                                                                 \
    (__extension__({                                                                                                             \
        __typeof__(&function) lockorder_found;                                                                                   \
        __asm__("movq " #function "@GOTPCREL(%%rip), %0\n\t.weak " #function : "=r"(lockorder_found));                           \
        lockorder_found;                                                                                                         \
    }))
#else
#define LOCKORDER_FIND(function) (&function)
#endif

/* Macros, so that reports show the line that annotates. */
#define LOCKORDER_CALL(function, ...)                                                                                            \
    do {                                                                                                                         \
        __typeof__(&function) lockorder_function = LOCKORDER_FIND(function);                                                     \
        if (lockorder_function)                                                                                                  \
            lockorder_function(__VA_ARGS__);                                                                                     \
    } while (0)

/* This thread is about to take a lock, and will wait if it must. Followed by lockorder_acquired or lockorder_gave_up. If it can
 * never end, because of locks that this and other threads hold, that is reported now. */
#define lockorder_acquire(lock, mode) LOCKORDER_CALL(lockorder_recorder_acquire, lock, mode)

/* This thread has the lock. Without a lockorder_acquire before, it has got it by a try that would not have waited. */
#define lockorder_acquired(lock, mode) LOCKORDER_CALL(lockorder_recorder_acquired, lock, mode)

/* This thread no longer waits for a lock that it did not get. */
#define lockorder_gave_up(lock) LOCKORDER_CALL(lockorder_recorder_gave_up, lock)

/* This thread is about to release the lock. */
#define lockorder_released(lock) LOCKORDER_CALL(lockorder_recorder_released, lock)

/* The lock is no more: another one may come to be at its address. Any kind of lock. */
#define lockorder_destroyed(lock) LOCKORDER_CALL(lockorder_recorder_destroyed, lock)

/* What reports call a lock of any kind, for the rest of its life. The name is copied, up to 255 bytes of it. To be called after
 * the lock was initialised. */
#define lockorder_name_lock(lock, name) LOCKORDER_CALL(lockorder_recorder_name, lock, name, 0)

/* The same, and: of locks of one name, those of a lower level are meant to be taken before those of a higher one, as the parent's
 * before the child's. Levels from 1 on. */
#define lockorder_name_lock_at_level(lock, name, level) LOCKORDER_CALL(lockorder_recorder_name, lock, name, level)

/* Locks of the name `before` are meant to be taken before those of the name `after`. Names as given to lockorder_name_lock. */
#define lockorder_declare_order(before, after) LOCKORDER_CALL(lockorder_recorder_order, before, after)

/* What was done before and what is done from now on can never meet, whatever threads do it: between independent tests in one process, for
 * instance. To be called when the threads of the one are at rest. */
#define lockorder_begin_epoch() LOCKORDER_CALL(lockorder_recorder_epoch)

#ifdef __cplusplus
}
#endif

#endif
