/* The functions that this library stands before: the only list. One row each:
 *
 *     X(result, name, parameters, arguments, symbol version or NULL for the default one)
 *
 * Each row is a row of exports.map too, which a test checks. A function that the C library does not have (an older one) is simply
 * never called. */
#ifndef LOCKORDER_PRELOAD_INTERPOSED_H
#define LOCKORDER_PRELOAD_INTERPOSED_H

#include <pthread.h>
#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/types.h>
#include <threads.h>
#include <time.h>

/* The functions that may be called before this library's constructor ran. */
#define INTERPOSED_RETURNING(X)                                                                                                  \
    X(int, pthread_mutex_init, (pthread_mutex_t * mutex, const pthread_mutexattr_t *attributes), (mutex, attributes), NULL)      \
    X(int, pthread_mutex_destroy, (pthread_mutex_t * mutex), (mutex), NULL)                                                      \
    X(int, pthread_mutex_lock, (pthread_mutex_t * mutex), (mutex), NULL)                                                         \
    X(int, pthread_mutex_trylock, (pthread_mutex_t * mutex), (mutex), NULL)                                                      \
    X(int, pthread_mutex_timedlock, (pthread_mutex_t * mutex, const struct timespec *until), (mutex, until), NULL)               \
    X(int, pthread_mutex_clocklock, (pthread_mutex_t * mutex, clockid_t clock, const struct timespec *until),                    \
      (mutex, clock, until), NULL)                                                                                               \
    X(int, pthread_mutex_unlock, (pthread_mutex_t * mutex), (mutex), NULL)                                                       \
    X(int, pthread_cond_wait, (pthread_cond_t * condition, pthread_mutex_t * mutex), (condition, mutex), "GLIBC_2.3.2")          \
    X(int, pthread_cond_timedwait, (pthread_cond_t * condition, pthread_mutex_t * mutex, const struct timespec *until),          \
      (condition, mutex, until), "GLIBC_2.3.2")                                                                                  \
    X(int, pthread_cond_clockwait,                                                                                               \
      (pthread_cond_t * condition, pthread_mutex_t * mutex, clockid_t clock, const struct timespec *until),                      \
      (condition, mutex, clock, until), NULL)                                                                                    \
    X(int, pthread_create, (pthread_t * thread, const pthread_attr_t *attributes, void *(*function)(void *), void *argument),    \
      (thread, attributes, function, argument), NULL)                                                                            \
    X(int, pthread_join, (pthread_t thread, void **result), (thread, result), NULL)                                              \
    X(int, pthread_tryjoin_np, (pthread_t thread, void **result), (thread, result), NULL)                                        \
    X(int, pthread_timedjoin_np, (pthread_t thread, void **result, const struct timespec *until), (thread, result, until), NULL) \
    X(int, pthread_clockjoin_np, (pthread_t thread, void **result, clockid_t clock, const struct timespec *until),               \
      (thread, result, clock, until), NULL)                                                                                      \
    X(int, pthread_detach, (pthread_t thread), (thread), NULL)                                                                   \
    X(int, pthread_cancel, (pthread_t thread), (thread), NULL)                                                                   \
    X(int, pthread_setname_np, (pthread_t thread, const char *name), (thread, name), NULL)                                       \
    X(int, pthread_rwlock_init, (pthread_rwlock_t * lock, const pthread_rwlockattr_t *attributes), (lock, attributes), NULL)     \
    X(int, pthread_rwlock_destroy, (pthread_rwlock_t * lock), (lock), NULL)                                                      \
    X(int, pthread_rwlock_rdlock, (pthread_rwlock_t * lock), (lock), NULL)                                                       \
    X(int, pthread_rwlock_tryrdlock, (pthread_rwlock_t * lock), (lock), NULL)                                                    \
    X(int, pthread_rwlock_timedrdlock, (pthread_rwlock_t * lock, const struct timespec *until), (lock, until), NULL)             \
    X(int, pthread_rwlock_clockrdlock, (pthread_rwlock_t * lock, clockid_t clock, const struct timespec *until),                 \
      (lock, clock, until), NULL)                                                                                                \
    X(int, pthread_rwlock_wrlock, (pthread_rwlock_t * lock), (lock), NULL)                                                       \
    X(int, pthread_rwlock_trywrlock, (pthread_rwlock_t * lock), (lock), NULL)                                                    \
    X(int, pthread_rwlock_timedwrlock, (pthread_rwlock_t * lock, const struct timespec *until), (lock, until), NULL)             \
    X(int, pthread_rwlock_clockwrlock, (pthread_rwlock_t * lock, clockid_t clock, const struct timespec *until),                 \
      (lock, clock, until), NULL)                                                                                                \
    X(int, pthread_rwlock_unlock, (pthread_rwlock_t * lock), (lock), NULL)                                                       \
    X(int, pthread_spin_init, (pthread_spinlock_t * lock, int shared), (lock, shared), NULL)                                     \
    X(int, pthread_spin_destroy, (pthread_spinlock_t * lock), (lock), NULL)                                                      \
    X(int, pthread_spin_lock, (pthread_spinlock_t * lock), (lock), NULL)                                                         \
    X(int, pthread_spin_trylock, (pthread_spinlock_t * lock), (lock), NULL)                                                      \
    X(int, pthread_spin_unlock, (pthread_spinlock_t * lock), (lock), NULL)                                                       \
    X(int, sem_init, (sem_t * semaphore, int shared, unsigned value), (semaphore, shared, value), NULL)                          \
    X(int, sem_destroy, (sem_t * semaphore), (semaphore), NULL)                                                                  \
    X(int, sem_close, (sem_t * semaphore), (semaphore), NULL)                                                                    \
    X(int, sem_wait, (sem_t * semaphore), (semaphore), NULL)                                                                     \
    X(int, sem_trywait, (sem_t * semaphore), (semaphore), NULL)                                                                  \
    X(int, sem_timedwait, (sem_t * semaphore, const struct timespec *until), (semaphore, until), NULL)                           \
    X(int, sem_clockwait, (sem_t * semaphore, clockid_t clock, const struct timespec *until), (semaphore, clock, until), NULL)   \
    X(int, sem_post, (sem_t * semaphore), (semaphore), NULL)                                                                     \
    X(int, pthread_barrier_init, (pthread_barrier_t * barrier, const pthread_barrierattr_t *attributes, unsigned count),         \
      (barrier, attributes, count), NULL)                                                                                        \
    X(int, pthread_barrier_wait, (pthread_barrier_t * barrier), (barrier), NULL)                                                 \
    X(int, pthread_once, (pthread_once_t * once, void (*function)(void)), (once, function), NULL)                                \
    X(int, __cxa_guard_acquire, (int64_t * guard), (guard), NULL)                                                                \
    X(int, mtx_init, (mtx_t * mutex, int type), (mutex, type), NULL)                                                             \
    X(int, mtx_lock, (mtx_t * mutex), (mutex), NULL)                                                                             \
    X(int, mtx_timedlock, (mtx_t * mutex, const struct timespec *until), (mutex, until), NULL)                                   \
    X(int, mtx_trylock, (mtx_t * mutex), (mutex), NULL)                                                                          \
    X(int, mtx_unlock, (mtx_t * mutex), (mutex), NULL)                                                                           \
    X(int, cnd_wait, (cnd_t * condition, mtx_t * mutex), (condition, mutex), NULL)                                               \
    X(int, cnd_timedwait, (cnd_t * condition, mtx_t * mutex, const struct timespec *until), (condition, mutex, until), NULL)     \
    X(int, thrd_create, (thrd_t * thread, thrd_start_t function, void *argument), (thread, function, argument), NULL)            \
    X(int, thrd_join, (thrd_t thread, int *result), (thread, result), NULL)                                                      \
    X(int, thrd_detach, (thrd_t thread), (thread), NULL)                                                                         \
    X(int, ftrylockfile, (FILE * stream), (stream), NULL)                                                                        \
    X(int, munmap, (void *start, size_t size), (start, size), NULL)                                                              \
    X(int, prctl, (int option, unsigned long a, unsigned long b, unsigned long c, unsigned long d), (option, a, b, c, d), NULL)  \
    X(int, dlclose, (void *handle), (handle), NULL)

#define INTERPOSED_POINTER(X)                                                                                                    \
    X(void *, realloc, (void *block, size_t size), (block, size), NULL)                                                          \
    X(void *, dlopen, (const char *path, int mode), (path, mode), NULL)

#define INTERPOSED_VOID(X)                                                                                                       \
    X(void, free, (void *block), (block), NULL)                                                                                  \
    X(void, pthread_exit, (void *result), (result), NULL)                                                                        \
    X(void, thrd_exit, (int result), (result), NULL)                                                                             \
    X(void, mtx_destroy, (mtx_t * mutex), (mutex), NULL)                                                                         \
    X(void, call_once, (once_flag * once, void (*function)(void)), (once, function), NULL)                                       \
    X(void, __cxa_guard_release, (int64_t * guard), (guard), NULL)                                                               \
    X(void, __cxa_guard_abort, (int64_t * guard), (guard), NULL)                                                                 \
    X(void, flockfile, (FILE * stream), (stream), NULL)                                                                          \
    X(void, funlockfile, (FILE * stream), (stream), NULL)                                                                        \
    X(void, _exit, (int status), (status), NULL)                                                                                 \
    X(void, _Exit, (int status), (status), NULL)

#define INTERPOSED(X) INTERPOSED_RETURNING(X) INTERPOSED_POINTER(X) INTERPOSED_VOID(X)

#endif
