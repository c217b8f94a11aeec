/* Another preloaded library: it stands before malloc and the calls that lock, as some allocators and tools do, and tells at the
 * end of the program whether it was asked. To a library that comes after it, the recorder may make a try of a call to lock. */
#include <dlfcn.h>
#include <pthread.h>
#include <stddef.h>
#include <unistd.h>

static int locked, allocated;

int pthread_mutex_lock(pthread_mutex_t *mutex)
{
    int (*next)(pthread_mutex_t *) = (int (*)(pthread_mutex_t *))dlsym(RTLD_NEXT, "pthread_mutex_lock");
    __atomic_fetch_add(&locked, 1, __ATOMIC_RELAXED);
    return next(mutex);
}

int pthread_mutex_trylock(pthread_mutex_t *mutex)
{
    int (*next)(pthread_mutex_t *) = (int (*)(pthread_mutex_t *))dlsym(RTLD_NEXT, "pthread_mutex_trylock");
    __atomic_fetch_add(&locked, 1, __ATOMIC_RELAXED);
    return next(mutex);
}

void *malloc(size_t size)
{
    void *(*next)(size_t) = (void *(*)(size_t))dlsym(RTLD_NEXT, "malloc");
    __atomic_fetch_add(&allocated, 1, __ATOMIC_RELAXED);
    return next(size);
}

__attribute__((destructor)) static void tell(void)
{
    static const char all[] = "the other library saw both\n";
    if (locked && allocated && write(1, all, sizeof all - 1) < 0)
        _exit(1);
}
