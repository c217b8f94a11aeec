/* A child of fork waits for a mutex that it shares with its parent, which holds it: that is no wait for itself. */
/* EXPECT nothing: one lock */
#include "guest.h"

#include <sys/mman.h>
#include <sys/wait.h>

int main(void)
{
    pthread_mutexattr_t shared;
    pthread_mutex_t *mutex = mmap(NULL, sizeof *mutex, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    int status = 0;
    pthread_mutexattr_init(&shared);
    pthread_mutexattr_setpshared(&shared, PTHREAD_PROCESS_SHARED);
    pthread_mutex_init(mutex, &shared);
    pthread_mutex_lock(mutex);
    pid_t child = fork();
    if (child == 0) {
        require(pthread_mutex_lock(mutex) == 0, "to get it at last");
        pthread_mutex_unlock(mutex);
        _exit(7);
    }
    while (__atomic_load_n(&mutex->__data.__lock, __ATOMIC_RELAXED) != 2) /* until the child waits in the kernel */
        sched_yield();
    pthread_mutex_unlock(mutex);
    require(waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 7, "a child that got it");
    puts("shared");
    return 0;
}
