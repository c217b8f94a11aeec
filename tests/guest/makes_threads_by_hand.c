/* Threads made by clone, of which no library knows: they lock, while their maker, whose thread-local memory they share, waits. */
/* EXPECT nothing: one order */
/* EXPECT perhaps limit witnesses */
#include <linux/futex.h>
#include <sched.h>
#include <sys/syscall.h>

#include "guest.h"

enum { ROUNDS = 100, THREAD = CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD | CLONE_SYSVSEM };

static pthread_mutex_t outer = PTHREAD_MUTEX_INITIALIZER, inner[ROUNDS];
static char stack[65536] __attribute__((aligned(16)));

static int lock(void *mutex)
{
    lock_both(&outer, mutex);
    return 0;
}

int main(void)
{
    for (int i = 0; i < ROUNDS; i++) {
        pid_t running = 1; /* the kernel clears it when the thread has ended */
        require(clone(lock, stack + sizeof stack, THREAD | CLONE_CHILD_CLEARTID, &inner[i], NULL, NULL, &running) > 0,
                "a thread");
        while (__atomic_load_n(&running, __ATOMIC_ACQUIRE))
            syscall(SYS_futex, &running, FUTEX_WAIT, 1, NULL, NULL, 0);
        lock_both(&outer, &inner[i]);
    }
    puts("locked");
    return 0;
}
