/* In a sandbox that kills for any system call but a few, a program goes on to lock in ever new ways, also in a thread that was
 * new when it began and in a child; and ends. */
/* EXPECT nothing: one order everywhere */
#include <sys/wait.h>

#include "system_call_filter.h"

enum { ROUNDS = 3000 };

/* All that threads need which only lock, print and fork. */
static const unsigned allowed[] = {SYS_write,      SYS_futex, SYS_rt_sigprocmask, SYS_clone, SYS_wait4, SYS_exit_group,
                                   SYS_newfstatat, SYS_brk,   SYS_set_robust_list};

static pthread_mutex_t outer = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t inner[ROUNDS];
static pthread_barrier_t running, in_the_sandbox, all_locked;

static void lock_all(void)
{
    for (int i = 0; i < ROUNDS; i++)
        lock_both(&outer, &inner[i]);
}

static void *lock_when_told(void *unused)
{
    pthread_barrier_wait(&running); /* to begin takes more calls */
    pthread_barrier_wait(&in_the_sandbox);
    lock_all();
    pthread_barrier_wait(&all_locked);
    for (;;)
        pthread_barrier_wait(&in_the_sandbox); /* so does to end */
    return unused;
}

int main(void)
{
    pthread_t thread;
    int status;
    pthread_barrier_init(&running, NULL, 2);
    pthread_barrier_init(&in_the_sandbox, NULL, 2);
    pthread_barrier_init(&all_locked, NULL, 2);
    require(pthread_create(&thread, NULL, lock_when_told, NULL) == 0, "a thread");
    pthread_barrier_wait(&running);
    require(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0, "to give up privileges, as libraries do");
    filter_system_calls(allowed, sizeof allowed / sizeof allowed[0], SECCOMP_RET_ALLOW, SECCOMP_RET_KILL_PROCESS);
    lock_both(&inner[0], &inner[1]);
    pthread_barrier_wait(&in_the_sandbox);
    pthread_barrier_wait(&all_locked);
    pid_t child = fork();
    if (child == 0) {
        lock_all();
        _exit(7);
    }
    require(waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 7, "a child that locks");
    puts("locked");
    return 0;
}
