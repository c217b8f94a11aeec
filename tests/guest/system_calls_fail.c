/* The system gives nothing any more: no memory, no file, no name. What the recorder cannot keep it leaves out and counts, in new
 * threads and in children too. */
/* EXPECT nothing: one order everywhere */
/* EXPECT limit dependencies */
/* EXPECT limit locks */
/* EXPECT perhaps limit contexts */
/* EXPECT perhaps limit contention */
#include <stdint.h>
#include <sys/wait.h>

#include "system_call_filter.h"

enum { ROUNDS = 20000, THREADS = 8, WHILE_ALL_IS_WELL = 100 };

static const unsigned failing[] = {SYS_mmap,      SYS_mremap, SYS_openat,      SYS_open,       SYS_madvise,   SYS_truncate,
                                   SYS_ftruncate, SYS_tgkill, SYS_readlink,    SYS_newfstatat, SYS_stat,      SYS_lstat,
                                   SYS_prctl,     SYS_access, SYS_getcwd,      SYS_kill,       SYS_renameat2, SYS_rename,
                                   SYS_prlimit64, SYS_unlink, SYS_rt_sigaction};

static pthread_mutex_t outer = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t *inner;
static pthread_barrier_t running, failing_now;

static void *lock_when_told(void *number)
{
    pthread_barrier_wait(&running);
    pthread_barrier_wait(&failing_now);
    for (uintptr_t i = (uintptr_t)number; i < ROUNDS; i += THREADS)
        lock_both(&outer, &inner[i]);
    return NULL;
}

int main(void)
{
    pthread_t threads[THREADS];
    int status;
    inner = calloc(ROUNDS, sizeof *inner);
    require(inner != NULL, "memory");
    for (int i = 0; i < WHILE_ALL_IS_WELL; i++)
        lock_both(&outer, &inner[i]);
    pthread_barrier_init(&running, NULL, THREADS + 1);
    pthread_barrier_init(&failing_now, NULL, THREADS + 1);
    for (uintptr_t i = 0; i < THREADS; i++)
        require(pthread_create(&threads[i], NULL, lock_when_told, (void *)i) == 0, "a thread");
    pthread_barrier_wait(&running);
    /* Not by prctl, so that the recorder does not hear of it. */
    require(syscall(SYS_prctl, PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0, "to give up privileges");
    filter_system_calls(failing, sizeof failing / sizeof failing[0], SECCOMP_RET_ERRNO | ENOMEM, SECCOMP_RET_ALLOW);
    pthread_barrier_wait(&failing_now);
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    pid_t child = fork();
    if (child == 0) {
        lock_both(&outer, &inner[1]);
        _exit(7);
    }
    require(waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 7, "a child that locks");
    puts("locked");
    return 0;
}
