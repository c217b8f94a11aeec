#include "exit_report.h"

#include <dlfcn.h>
#include <errno.h>
#include <link.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "arena.h"
#include "message.h"
#include "options.h"
#include "raw_system_call.h"
#include "trace_writer.h"

#define CHILD_STACK ((size_t)64 << 10)

extern char **environ;

/* Where the command may be, seen from the folder of this library: in the build tree; in lib/lockorder of a prefix; the same
 * with a folder for the architecture. */
static const char *const beside[] = {"/../analyzer/lockorder", "/../../bin/lockorder", "/../../../bin/lockorder"};

static bool find_command(char path[4096])
{
    struct dl_find_object object;
    if (_dl_find_object((void *)(uintptr_t)&exit_report, &object) != 0)
        return false;
    const char *library = object.dlfo_link_map->l_name;
    const char *slash = strrchr(library, '/');
    size_t folder = slash ? (size_t)(slash - library) : 0;
    if (!slash || folder > 4000)
        return false;
    for (size_t i = 0; i < sizeof beside / sizeof beside[0]; i++) {
        memcpy(path, library, folder);
        strcpy(path + folder, beside[i]);
        if (raw_system_call(SYS_access, (long)path, X_OK, 0, 0, 0, 0) == 0)
            return true;
    }
    return false;
}

/* The report itself is not to be recorded. */
static char **environment_without_us(void)
{
    size_t count = 0;
    while (environ[count])
        count++;
    char **copy = pages_allocate((count + 1) * sizeof *copy);
    if (!copy)
        return NULL;
    char **end = copy;
    for (size_t i = 0; i < count; i++)
        if (strncmp(environ[i], "LD_PRELOAD=", 11) != 0 && strncmp(environ[i], "LOCKORDER_OPTIONS=", 18) != 0)
            *end++ = environ[i];
    return copy;
}

struct command {
    char path[4096];
    const char *form; /* of the report: an option */
    char **environment;
    char *stack;          /* of two halves, for the two children */
    unsigned long signals; /* the thread's mask */
    bool has_run;
};

static void set_signals(unsigned long signals, unsigned long *former)
{
    raw_system_call(SYS_rt_sigprocmask, SIG_SETMASK, (long)&signals, (long)former, sizeof signals, 0, 0);
}

static bool wait_for(int child)
{
    int status = 0;
    long waited;
    do {
        waited = raw_system_call(SYS_wait4, child, (long)&status, __WALL, 0, 0, 0);
    } while (waited == -EINTR);
    return waited == child && WIFEXITED(status) && WEXITSTATUS(status) != 127;
}

static int become_command(void *closure)
{
    struct command *command = closure;
    const char *arguments[] = {"lockorder", "report", command->form, trace_path(), NULL};
    set_signals(command->signals, NULL);
    raw_system_call(SYS_execve, (long)command->path, (long)arguments, (long)command->environment, 0, 0, 0);
    essential_system_call(SYS_exit_group, 127, 0, 0, 0, 0, 0);
    return 0;
}

static int run_command(void *closure)
{
    struct command *command = closure;
    int child = clone(become_command, command->stack + CHILD_STACK, CLONE_VM | CLONE_VFORK | SIGCHLD, command);
    command->has_run = child > 0 && wait_for(child);
    essential_system_call(SYS_exit_group, 0, 0, 0, 0, 0, 0);
    return 0;
}

/* The program must see nothing of the report's process in its SIGCHLD handler and wait(). A child can be made without an exit
 * signal, but exec gives it SIGCHLD back: so the child does not exec, its own child does. Both share our memory; signals are
 * blocked, so that no handler of the program's runs in them. */
static bool start(struct command *command)
{
    command->stack = pages_allocate(2 * CHILD_STACK);
    if (!command->stack)
        return false;
    set_signals(~0UL, &command->signals);
    int child = clone(run_command, command->stack + 2 * CHILD_STACK, CLONE_VM | CLONE_VFORK, command);
    if (child > 0)
        wait_for(child);
    set_signals(command->signals, NULL);
    return command->has_run;
}

/* Without two locks held at once, and without a second thread, there is nothing to say. */
static bool has_something_to_say(void)
{
    uint64_t offset = sizeof(struct trace_header);
    unsigned threads = 0;
    while (offset < trace_header()->committed) {
        const struct trace_record_header *record = trace_at(offset);
        if (record->type == TRACE_RECORD_DEPENDENCY || (record->type == TRACE_RECORD_THREAD && ++threads == 2))
            return true;
        offset += record->size;
    }
    return false;
}

static bool report(const char *form)
{
    struct command *command = pages_allocate(sizeof *command);
    if (!command || !find_command(command->path) || !(command->environment = environment_without_us()))
        return false;
    command->form = form;
    return start(command);
}

void exit_report(void)
{
    if (!has_something_to_say()) {
        if (!*options.trace_dir)
            unlink(trace_path());
        return;
    }
    if (!report("--at-exit"))
        message_write("the trace is ", trace_path(), "; report on it with: lockorder report ", trace_path(), NULL);
}

void deadlock_report(uint32_t number)
{
    char digits[21], form[32] = "--live=";
    if (!report(strcat(form, message_number(digits, number))))
        message_write("threads of this process have locked up; report on it with: lockorder report ", trace_path(), NULL);
}
