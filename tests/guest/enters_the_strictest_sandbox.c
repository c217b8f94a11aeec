/* A thread that may only read, write and exit any more goes on to lock in ever new ways. */
/* EXPECT nothing: one order everywhere */
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "guest.h"

enum { LOCKS = 1000 };

static pthread_mutex_t outer = PTHREAD_MUTEX_INITIALIZER, inner[LOCKS];

static void lock_in_the_sandbox(void)
{
    static const char locked[] = "locked there\n";
    lock_both(&outer, &inner[0]);
    require(prctl(PR_SET_SECCOMP, SECCOMP_MODE_STRICT, 0, 0, 0) == 0, "a sandbox");
    for (int i = 0; i < LOCKS; i++)
        lock_both(&outer, &inner[i]);
    syscall(SYS_exit, write(1, locked, sizeof locked - 1) == sizeof locked - 1 ? 7 : 1);
}

int main(void)
{
    int status;
    pid_t child = fork();
    if (child == 0)
        lock_in_the_sandbox();
    require(waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 7, "a child that locks");
    lock_both(&outer, &inner[0]);
    puts("locked");
    return 0;
}
