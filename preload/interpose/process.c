/* Ends of the process that run no destructors, the beginning of a sandbox, and the name that a thread gives itself. fork is
 * followed by a handler, see lifecycle.c. */
#include <linux/prctl.h>
#include <linux/seccomp.h>

#include "lifecycle.h"
#include "raw_system_call.h"
#include "real.h"
#include "sandbox.h"
#include "thread_state.h"

#define EXPORT __attribute__((visibility("default")))

EXPORT void _exit(int status)
{
    lifecycle_end();
    real._exit(status);
    __builtin_unreachable();
}

EXPORT void _Exit(int status)
{
    lifecycle_end();
    real._Exit(status);
    __builtin_unreachable();
}

/* A child of vfork has the thread-local memory of the thread that made it, and a kernel id of its own. */
static bool is_own_state(const struct thread_state *state)
{
    return state->kernel_id && raw_system_call(SYS_gettid, 0, 0, 0, 0, 0, 0) == state->kernel_id;
}

static void note_own_name(const char *name)
{
    int saved_errno;
    if (!recorder_enter(&saved_errno))
        return;
    recorder_lock();
    if (is_own_state(recorder_self))
        thread_state_set_name(recorder_self, name);
    recorder_unlock();
    recorder_leave(saved_errno);
}

/* With a variable number of arguments in its header, which makes no difference to a register. Who may not gain privileges is
 * about to lose some: libraries announce a filter by that, and set it by a system call of their own. */
EXPORT int prctl(int option, unsigned long a, unsigned long b, unsigned long c, unsigned long d)
{
    if (option == PR_SET_SECCOMP && a == SECCOMP_MODE_STRICT)
        sandbox_enter_strictest();
    else if (option == PR_SET_NO_NEW_PRIVS || option == PR_SET_SECCOMP)
        sandbox_enter();
    int result = real.prctl(option, a, b, c, d);
    if (option == PR_SET_NAME && result == 0)
        note_own_name((const char *)a);
    return result;
}
