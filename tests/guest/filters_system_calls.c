/* A sandbox: after a filter that forbids what a recorder might want, on pain of death, the program goes on to lock, in ever new
 * ways and in new threads, and forks. With a first argument, the filter is set as libraries do, by a system call of their own, and
 * what it forbids fails. */
/* EXPECT nothing: one order everywhere */
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "guest.h"

enum { ROUNDS = 3000, THREADS = 4 };

static pthread_mutex_t outer = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t inner[ROUNDS];
static pthread_barrier_t filtered;

/* All that a program of threads which only compute, print and fork needs. */
static const unsigned allowed[] = {SYS_read, SYS_write, SYS_futex, SYS_exit, SYS_exit_group, SYS_rt_sigprocmask, SYS_brk,
                                   SYS_wait4, SYS_clone, SYS_set_robust_list, SYS_rseq, SYS_munmap, SYS_madvise};

static void set_filter(unsigned refusal)
{
    enum { FIRST = 1, COUNT = sizeof allowed / sizeof allowed[0] };
    struct sock_filter code[FIRST + COUNT + 2] = {BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr))};
    for (unsigned char i = 0; i < COUNT; i++)
        code[FIRST + i] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, allowed[i], (unsigned char)(COUNT - i), 0);
    code[FIRST + COUNT] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, refusal);
    code[FIRST + COUNT + 1] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
    struct sock_fprog program = {.len = sizeof code / sizeof code[0], .filter = code};
    require(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0, "to give up privileges");
    require(syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_TSYNC, &program) == 0, "a filter");
}
