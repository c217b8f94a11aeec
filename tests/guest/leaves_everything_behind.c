/* Changes its root and its user (where it may), after which the folder of its trace can neither be found nor written, and locks
 * more than its trace has room for. Its child cannot make a trace at all. */
/* EXPECT nothing: one order */
/* EXPECT perhaps limit dependencies */
/* EXPECT perhaps limit locks */
/* EXPECT perhaps limit contexts */
#include <sys/wait.h>

#include "guest.h"

enum { LOCKS = 60000, NOBODY = 65534 };

static pthread_mutex_t outer = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t *inner;

static void lock_all(void)
{
    for (int i = 0; i < LOCKS; i++)
        lock_both(&outer, &inner[i]);
}

int main(void)
{
    int status;
    inner = calloc(LOCKS, sizeof *inner);
    require(inner != NULL, "memory");
    lock_both(&outer, &inner[0]);
    if (geteuid() == 0)
        require(chroot("/dev") == 0 && chdir("/") == 0 && setgid(NOBODY) == 0 && setuid(NOBODY) == 0, "another root and user");
    lock_all();
    pid_t child = fork();
    if (child == 0) {
        lock_all();
        _exit(7);
    }
    require(waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 7, "a child that locks");
    puts("locked");
    return 0;
}
