#include "launch.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "allocate.h"
#include "command.h"
#include "report/memory_stream.h"

/* --- Environment --- */

static void prepend_preload(const char *library)
{
    const char *others = getenv("LD_PRELOAD");
    char *value = others == NULL || *others == '\0' ? allocate_copy(library) : allocate_text("%s:%s", library, others);
    setenv("LD_PRELOAD", value, 1);
    free(value);
}

/* AddressSanitizer wants to come first, but works as well in second place. */
static void let_sanitizer_come_second(void)
{
    const char *others = getenv("ASAN_OPTIONS");
    char *value = allocate_text("%s%sverify_asan_link_order=0", others == NULL ? "" : others, others == NULL ? "" : ":");
    setenv("ASAN_OPTIONS", value, 1);
    free(value);
}

static bool has_key(const char *pair, const char *key)
{
    return strncmp(pair, key, strlen(key)) == 0 && pair[strlen(key)] == '=';
}

static bool is_decided_by_run(const struct launch *launch, const char *pair)
{
    return has_key(pair, "trace_dir") || has_key(pair, "report") || has_key(pair, "notify") ||
           (launch->on_deadlock != NULL && has_key(pair, "on_deadlock")) || (launch->record != NULL && has_key(pair, "record")) ||
           (launch->max_trace_size != 0 && has_key(pair, "max_trace_size"));
}

/* What the user set, but for the keys that a run decides: where traces go, that the program itself does not report, and who is
 * told of a deadlock, which is the parent. */
static void set_recorder_options(const struct launch *launch)
{
    const char *pair = getenv("LOCKORDER_OPTIONS");
    struct memory_stream options;
    memory_stream_open(&options);
    fprintf(options.stream, "trace_dir=%s:report=no:notify=%d", launch->trace_folder, (int)getppid());
    if (launch->on_deadlock != NULL)
        fprintf(options.stream, ":on_deadlock=%s", launch->on_deadlock);
    if (launch->record != NULL)
        fprintf(options.stream, ":record=%s", launch->record);
    if (launch->max_trace_size != 0)
        fprintf(options.stream, ":max_trace_size=%" PRIu64, launch->max_trace_size);
    while (pair != NULL && *pair != '\0') {
        size_t length = strcspn(pair, ":");
        if (length > 0 && !is_decided_by_run(launch, pair))
            fprintf(options.stream, ":%.*s", (int)length, pair);
        pair += length + (pair[length] == ':');
    }
    char *value = memory_stream_close(&options);
    setenv("LOCKORDER_OPTIONS", value, 1);
    free(value);
}

/* --- Signals --- */

static volatile sig_atomic_t running_program;

static void pass_on(int signal_number)
{
    int saved = errno;
    kill((pid_t)running_program, signal_number);
    errno = saved;
}

static const struct {
    int number;
    void (*handler)(int);
} handled_signals[] = {{SIGINT, SIG_IGN}, {SIGQUIT, SIG_IGN}, {SIGTERM, pass_on}, {SIGHUP, pass_on}};

enum { HANDLED_SIGNALS = sizeof handled_signals / sizeof handled_signals[0] };

struct signal_state {
    sigset_t mask;
    struct sigaction actions[HANDLED_SIGNALS], child_action;
};

/* The program has ended; a recorder tells of a deadlock. They stay blocked, and are waited for. */
static sigset_t awaited_signals(void)
{
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGCHLD);
    sigaddset(&set, SIGURG);
    return set;
}

/* Until the program is known to pass_on, its signals wait. Were SIGCHLD ignored, there would be no status to wait for. */
static void block_signals(struct signal_state *before)
{
    sigset_t set = awaited_signals();
    struct sigaction by_default = {.sa_flags = 0};
    by_default.sa_handler = SIG_DFL;
    sigaction(SIGCHLD, &by_default, &before->child_action);
    for (size_t i = 0; i < HANDLED_SIGNALS; i++)
        sigaddset(&set, handled_signals[i].number);
    sigprocmask(SIG_BLOCK, &set, &before->mask);
}

/* What was ignored stays ignored: nohup has asked for it. */
static void handle_signals(struct signal_state *before)
{
    for (size_t i = 0; i < HANDLED_SIGNALS; i++) {
        struct sigaction action = {.sa_flags = SA_RESTART};
        action.sa_handler = handled_signals[i].handler;
        sigaction(handled_signals[i].number, NULL, &before->actions[i]);
        if (before->actions[i].sa_handler != SIG_IGN)
            sigaction(handled_signals[i].number, &action, NULL);
    }
    sigset_t set = before->mask, awaited = awaited_signals();
    sigorset(&set, &set, &awaited);
    sigprocmask(SIG_SETMASK, &set, NULL);
}

static void restore_signals(const struct signal_state *before)
{
    sigaction(SIGCHLD, &before->child_action, NULL);
    sigprocmask(SIG_SETMASK, &before->mask, NULL);
    for (size_t i = 0; i < HANDLED_SIGNALS; i++)
        sigaction(handled_signals[i].number, &before->actions[i], NULL);
}

/* --- The program --- */

/* Never returns. When exec fails, its errno goes into the pipe, which exec closes. */
static void become_program(const struct launch *launch, const struct signal_state *before, int failure_pipe)
{
    prepend_preload(launch->preload_library);
    let_sanitizer_come_second();
    set_recorder_options(launch);
    sigaction(SIGCHLD, &before->child_action, NULL);
    sigprocmask(SIG_SETMASK, &before->mask, NULL);
    execvp(launch->path, launch->arguments);
    int cause = errno;
    ssize_t written = write(failure_pipe, &cause, sizeof cause);
    _exit(written == sizeof cause ? EXIT_NOT_EXECUTABLE : EXIT_REFUSED);
}

static int wait_for(const struct launch *launch, pid_t program)
{
    static const struct timespec second = {.tv_sec = 1};
    sigset_t awaited = awaited_signals();
    int status = 0;
    while (waitpid(program, &status, WNOHANG) == 0) {
        sigtimedwait(&awaited, NULL, &second);
        launch->look(launch->closure);
    }
    launch->look(launch->closure);
    return WIFSIGNALED(status) ? EXIT_SIGNAL + WTERMSIG(status) : WEXITSTATUS(status);
}

/* Returns 0 once exec has succeeded, else its errno. */
static int read_failure(int failure_pipe)
{
    int cause = 0;
    ssize_t count;
    while ((count = read(failure_pipe, &cause, sizeof cause)) < 0 && errno == EINTR)
        ;
    return count == sizeof cause ? cause : 0;
}

static int fail_to_start(const struct launch *launch, int cause, struct error *error)
{
    return error_set(error, "%s: cannot be started: %s", launch->path, strerror(cause));
}

int launch_and_wait(const struct launch *launch, struct error *error)
{
    struct signal_state before;
    int failure_pipe[2];
    if (pipe2(failure_pipe, O_CLOEXEC) != 0)
        return fail_to_start(launch, errno, error);
    block_signals(&before);
    pid_t program = fork();
    int cause = errno;
    if (program == 0)
        become_program(launch, &before, failure_pipe[1]);
    running_program = program;
    close(failure_pipe[1]);
    if (program < 0) {
        sigaction(SIGCHLD, &before.child_action, NULL);
        sigprocmask(SIG_SETMASK, &before.mask, NULL);
        close(failure_pipe[0]);
        return fail_to_start(launch, cause, error);
    }
    handle_signals(&before);
    cause = read_failure(failure_pipe[0]);
    close(failure_pipe[0]);
    int status = wait_for(launch, program);
    restore_signals(&before);
    return cause == 0 ? status : fail_to_start(launch, cause, error);
}
