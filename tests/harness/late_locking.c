#include "late_locking.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stddef.h>

__thread void (*late_locking)(void);

#define LOCK(name, type)                                                                                                         \
    int name(type *lock)                                                                                                         \
    {                                                                                                                            \
        int (*real)(type *) = (int (*)(type *))dlsym(RTLD_NEXT, #name);                                                          \
        void (*before)(void) = late_locking;                                                                                     \
        late_locking = NULL;                                                                                                     \
        if (before)                                                                                                              \
            before();                                                                                                            \
        return real(lock);                                                                                                       \
    }

LOCK(pthread_mutex_lock, pthread_mutex_t)
LOCK(pthread_spin_lock, pthread_spinlock_t)
LOCK(pthread_rwlock_wrlock, pthread_rwlock_t)
