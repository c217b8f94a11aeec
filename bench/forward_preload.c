/* A preload library that stands before the same functions as the recorder and does nothing but call the real ones: what any such
 * library costs, the least that the recorder can cost. A call jumps through a pointer that is resolved once. */
#include <dlfcn.h>
#include <pthread.h>
#include <semaphore.h>
#include <stddef.h>
#include <stdlib.h>
#include <unistd.h>

/* X(result, name, parameters, arguments, symbol version or NULL) */
#define FORWARDED(X)                                                                                                             \
    X(int, pthread_mutex_init, (pthread_mutex_t * mutex, const pthread_mutexattr_t *attributes), (mutex, attributes), NULL)      \
    X(int, pthread_mutex_destroy, (pthread_mutex_t * mutex), (mutex), NULL)                                                      \
    X(int, pthread_mutex_lock, (pthread_mutex_t * mutex), (mutex), NULL)                                                         \
    X(int, pthread_mutex_trylock, (pthread_mutex_t * mutex), (mutex), NULL)                                                      \
    X(int, pthread_mutex_unlock, (pthread_mutex_t * mutex), (mutex), NULL)                                                       \
    X(int, pthread_spin_lock, (pthread_spinlock_t * lock), (lock), NULL)                                                         \
    X(int, pthread_spin_unlock, (pthread_spinlock_t * lock), (lock), NULL)                                                       \
    X(int, pthread_rwlock_rdlock, (pthread_rwlock_t * lock), (lock), NULL)                                                       \
    X(int, pthread_rwlock_wrlock, (pthread_rwlock_t * lock), (lock), NULL)                                                       \
    X(int, pthread_rwlock_unlock, (pthread_rwlock_t * lock), (lock), NULL)                                                       \
    X(int, sem_wait, (sem_t * semaphore), (semaphore), NULL)                                                                     \
    X(int, sem_post, (sem_t * semaphore), (semaphore), NULL)                                                                     \
    X(int, pthread_cond_wait, (pthread_cond_t * condition, pthread_mutex_t * mutex), (condition, mutex), "GLIBC_2.3.2")          \
    X(int, pthread_create, (pthread_t * thread, const pthread_attr_t *attributes, void *(*routine)(void *), void *argument),     \
      (thread, attributes, routine, argument), NULL)                                                                             \
    X(int, pthread_join, (pthread_t thread, void **result), (thread, result), NULL)

/* By the first call through a pointer, which may come before any constructor. */
static void *resolve(const char *name, const char *version)
{
    void *function = version ? dlvsym(RTLD_NEXT, name, version) : dlsym(RTLD_NEXT, name);
    if (!function)
        _exit(127);
    return function;
}

#define FORWARD(result, name, parameters, arguments, version)                                                                    \
    static result first_##name parameters;                                                                                       \
    static result(*real_##name) parameters = first_##name;                                                                       \
    static result first_##name parameters                                                                                        \
    {                                                                                                                            \
        *(void **)&real_##name = resolve(#name, version);                                                                        \
        return real_##name arguments;                                                                                            \
    }                                                                                                                            \
    result name parameters                                                                                                       \
    {                                                                                                                            \
        return real_##name arguments;                                                                                            \
    }
FORWARDED(FORWARD)

/* dlsym itself may free: the C library's own name for the function needs no resolving. */
extern void __libc_free(void *block);

void free(void *block)
{
    __libc_free(block);
}
