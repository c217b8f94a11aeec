/* The kinds of locks that can be claimed: the calls of each, with the lock as void *. */
#include <lockorder/ordered.h>

#define KIND(name, type, acquire_call, try_acquire_call, release_call) \
    static int name##_acquire(void *lock)                               \
    {                                                                   \
        return acquire_call((type *)lock);                              \
    }                                                                   \
    static int name##_try_acquire(void *lock)                           \
    {                                                                   \
        return try_acquire_call((type *)lock);                          \
    }                                                                   \
    static int name##_release(void *lock)                               \
    {                                                                   \
        return release_call((type *)lock);                              \
    }                                                                   \
    static const struct lockorder_lockable_kind name##_kind = {name##_acquire, name##_try_acquire, name##_release}

KIND(lock, struct lockorder_lock, lockorder_lock_acquire, lockorder_lock_try_acquire, lockorder_lock_release);
KIND(recursive, struct lockorder_recursive_lock, lockorder_recursive_lock_acquire, lockorder_recursive_lock_try_acquire,
     lockorder_recursive_lock_release);
KIND(read, struct lockorder_rwlock, lockorder_rwlock_acquire_read, lockorder_rwlock_try_acquire_read,
     lockorder_rwlock_release_read);
KIND(write, struct lockorder_rwlock, lockorder_rwlock_acquire_write, lockorder_rwlock_try_acquire_write,
     lockorder_rwlock_release_write);
KIND(semaphore, struct lockorder_semaphore, lockorder_semaphore_acquire, lockorder_semaphore_try_acquire,
     lockorder_semaphore_release);
KIND(mutex, pthread_mutex_t, pthread_mutex_lock, pthread_mutex_trylock, pthread_mutex_unlock);

struct lockorder_lockable lockorder_lockable_lock(struct lockorder_lock *lock)
{
    return (struct lockorder_lockable){.lock = lock, .kind = &lock_kind};
}

struct lockorder_lockable lockorder_lockable_recursive(struct lockorder_recursive_lock *lock)
{
    return (struct lockorder_lockable){.lock = lock, .kind = &recursive_kind};
}

struct lockorder_lockable lockorder_lockable_read(struct lockorder_rwlock *rwlock)
{
    return (struct lockorder_lockable){.lock = rwlock, .kind = &read_kind};
}

struct lockorder_lockable lockorder_lockable_write(struct lockorder_rwlock *rwlock)
{
    return (struct lockorder_lockable){.lock = rwlock, .kind = &write_kind};
}

struct lockorder_lockable lockorder_lockable_semaphore(struct lockorder_semaphore *semaphore)
{
    return (struct lockorder_lockable){.lock = semaphore, .kind = &semaphore_kind};
}

struct lockorder_lockable lockorder_lockable_mutex(pthread_mutex_t *mutex)
{
    return (struct lockorder_lockable){.lock = mutex, .kind = &mutex_kind};
}
