/* The contract of the lock functions broken by the program: see the misuses of enum trace_event_kind. What the program gets from
 * the real functions stays as it is. All but misuse_thread_gone: any time, outside of the recorder. */
#ifndef LOCKORDER_PRELOAD_MISUSE_H
#define LOCKORDER_PRELOAD_MISUSE_H

#include "acquire.h"

/* Where the program called the function at fault. */
struct call {
    uintptr_t return_address, frame;
};

/* In an interposed function. */
#define CALL ((struct call){CALL_RETURN_ADDRESS, CALL_FRAME})

/* A mutex that this thread's held list does not have is about to be unlocked. */
void misuse_unlock_mutex(const pthread_mutex_t *mutex, struct call call);
void misuse_unlock_rwlock(const pthread_rwlock_t *lock, struct call call);
void misuse_unlock_spin(const pthread_spinlock_t *lock, struct call call);

/* About to be destroyed, or initialised, while its memory says that it is locked. */
void misuse_destroy(const void *lock, enum trace_lock_kind kind, struct call call);
void misuse_initialize_mutex(const pthread_mutex_t *mutex, struct call call);

/* A destroyed mutex is about to be used. */
void misuse_use_destroyed(const pthread_mutex_t *mutex, struct call call);

/* A condition wait without its mutex; with another mutex than the one that other threads wait with. */
void misuse_wait_without_mutex(const pthread_mutex_t *mutex, struct call call);
void misuse_wait_with(const void *condition, uintptr_t mutex, struct call call);

/* A thread has ended, and the kernel knows it no more: what it left locked. With the recorder lock held. */
void misuse_thread_gone(const struct thread_state *state);

#endif
