/* The functions that this library stands before: the only list. One row each:
 *
 *     X(result, name, parameters, arguments, symbol version or NULL for the default one)
 *
 * Each row is a row of exports.map too, which a test checks. A function that the C library does not have (an older one) is simply
 * never called. */
#ifndef LOCKORDER_PRELOAD_INTERPOSED_H
#define LOCKORDER_PRELOAD_INTERPOSED_H

#include <pthread.h>
#include <stdlib.h>
#include <sys/types.h>
#include <time.h>

/* The functions that may be called before this library's constructor ran. */
#define INTERPOSED_RETURNING(X)                                                                                                  \
    X(int, pthread_mutex_init, (pthread_mutex_t * mutex, const pthread_mutexattr_t *attributes), (mutex, attributes), NULL)     \
    X(int, pthread_mutex_destroy, (pthread_mutex_t * mutex), (mutex), NULL)                                                     \
    X(int, pthread_mutex_lock, (pthread_mutex_t * mutex), (mutex), NULL)                                                        \
    X(int, pthread_mutex_trylock, (pthread_mutex_t * mutex), (mutex), NULL)                                                     \
    X(int, pthread_mutex_timedlock, (pthread_mutex_t * mutex, const struct timespec *until), (mutex, until), NULL)              \
    X(int, pthread_mutex_clocklock, (pthread_mutex_t * mutex, clockid_t clock, const struct timespec *until),                   \
      (mutex, clock, until), NULL)                                                                                               \
    X(int, pthread_mutex_unlock, (pthread_mutex_t * mutex), (mutex), NULL)                                                      \
    X(int, pthread_cond_wait, (pthread_cond_t * condition, pthread_mutex_t * mutex), (condition, mutex), "GLIBC_2.3.2")         \
    X(int, pthread_cond_timedwait, (pthread_cond_t * condition, pthread_mutex_t * mutex, const struct timespec *until),         \
      (condition, mutex, until), "GLIBC_2.3.2")                                                                                  \
    X(int, pthread_cond_clockwait,                                                                                               \
      (pthread_cond_t * condition, pthread_mutex_t * mutex, clockid_t clock, const struct timespec *until),                     \
      (condition, mutex, clock, until), NULL)                                                                                    \
    X(int, pthread_create,                                                                                                       \
      (pthread_t * thread, const pthread_attr_t *attributes, void *(*function)(void *), void *argument),                        \
      (thread, attributes, function, argument), NULL)                                                                            \
    X(int, pthread_join, (pthread_t thread, void **result), (thread, result), NULL)                                              \
    X(int, pthread_tryjoin_np, (pthread_t thread, void **result), (thread, result), NULL)                                        \
    X(int, pthread_timedjoin_np, (pthread_t thread, void **result, const struct timespec *until), (thread, result, until), NULL) \
    X(int, pthread_clockjoin_np, (pthread_t thread, void **result, clockid_t clock, const struct timespec *until),               \
      (thread, result, clock, until), NULL)                                                                                      \
    X(int, pthread_detach, (pthread_t thread), (thread), NULL)                                                                  \
    X(int, pthread_setname_np, (pthread_t thread, const char *name), (thread, name), NULL)                                       \
    X(int, dlclose, (void *handle), (handle), NULL)

#define INTERPOSED_VOID(X)                                                                                                       \
    X(void, free, (void *block), (block), NULL)                                                                                  \
    X(void, pthread_exit, (void *result), (result), NULL)                                                                        \
    X(void, _exit, (int status), (status), NULL)                                                                                 \
    X(void, _Exit, (int status), (status), NULL)

#define INTERPOSED(X) INTERPOSED_RETURNING(X) INTERPOSED_VOID(X)

#endif
