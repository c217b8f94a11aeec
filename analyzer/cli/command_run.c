#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "analysis.h"
#include "command.h"
#include "launch.h"
#include "live_watch.h"
#include "preload_library.h"
#include "program_file.h"
#include "report/terminal.h"
#include "user_error.h"
#include "user_files.h"

enum {
    KEY_TRACE_DIR = REPORT_KEY_FIRST,
    KEY_ERROR_EXITCODE,
    KEY_ON_DEADLOCK,
    KEY_STALL_AFTER,
    KEY_CI,
    KEY_RECORD,
    KEY_MAX_TRACE_SIZE
};

struct options {
    struct report_options report; /* first: report_options_parse knows no more */
    const char *trace_dir;        /* NULL: one for this run */
    uint64_t error_exit_status;
    const char *on_deadlock; /* NULL: not given */
    const char *record;      /* NULL: not given */
    uint64_t max_trace_size; /* megabytes; 0: not given */
    uint64_t stall_after;    /* seconds; 0: not given */
    bool ci;
    char **program; /* its arguments, itself first, ended by NULL; NULL when none was given */
};

static const struct argp_option option_table[] = {
    {"trace-dir", KEY_TRACE_DIR, "DIR", 0,
     "Leave the traces in DIR, which is made if it is missing; traces that are already there are not reported on (default: a new "
     "folder in TMPDIR, deleted when there is nothing to report)",
     0},
    {"error-exitcode", KEY_ERROR_EXITCODE, "N", 0, "Exit status when findings fail the run (default: 66)", 0},
    {"on-deadlock", KEY_ON_DEADLOCK, "ACTION", 0,
     "What becomes of a process whose threads have deadlocked, once that is told: report (it hangs on, for a debugger), abort, "
     "or "
     "exit (with status 66) (default: report)",
     0},
    {"record", KEY_RECORD, "WHAT", 0,
     "What the traces keep: dependencies, or full: every lock call in order, by which the report proves what it can (default: "
     "dependencies)",
     0},
    {"max-trace-size", KEY_MAX_TRACE_SIZE, "MEGABYTES", 0,
     "How large the trace of a process may grow, 1 to 65536; what no longer fits is told in the report (default: 256)", 0},
    {"stall-after", KEY_STALL_AFTER, "SECONDS", 0,
     "Tell what all threads wait for when one of them has waited for a lock, or all of them have waited, so long, and no "
     "deadlock is known",
     0},
    {"ci", KEY_CI, NULL, 0,
     "For continuous integration: --on-deadlock=exit, no colour, and the run fails when no lock call was seen in any process", 0},
    REPORT_OPTIONS,
    {0},
};

static error_t parse_on_deadlock(struct options *options, const char *action)
{
    options->on_deadlock = action;
    if (strcmp(action, "report") == 0 || strcmp(action, "abort") == 0 || strcmp(action, "exit") == 0)
        return 0;
    user_error("--on-deadlock=%s: expected report, abort or exit", action);
    return ARGUMENTS_BAD_VALUE;
}

static error_t parse_record(struct options *options, const char *what)
{
    options->record = what;
    if (strcmp(what, "dependencies") == 0 || strcmp(what, "full") == 0)
        return 0;
    user_error("--record=%s: expected dependencies or full", what);
    return ARGUMENTS_BAD_VALUE;
}

static error_t parse_option(int key, char *argument, struct argp_state *state)
{
    struct options *options = state->input;
    switch (key) {
    case KEY_TRACE_DIR:
        options->trace_dir = argument;
        return 0;
    case KEY_ERROR_EXITCODE:
        return report_options_number("error-exitcode", argument, 0, 255, &options->error_exit_status) == 0 ? 0
                                                                                                           : ARGUMENTS_BAD_VALUE;
    case KEY_ON_DEADLOCK:
        return parse_on_deadlock(options, argument);
    case KEY_RECORD:
        return parse_record(options, argument);
    case KEY_MAX_TRACE_SIZE:
        return report_options_number("max-trace-size", argument, 1, 65536, &options->max_trace_size) == 0 ? 0
                                                                                                          : ARGUMENTS_BAD_VALUE;
    case KEY_STALL_AFTER:
        return report_options_number("stall-after", argument, 1, 1000000000, &options->stall_after) == 0 ? 0
                                                                                                         : ARGUMENTS_BAD_VALUE;
    case KEY_CI:
        options->ci = true;
        return 0;
    case ARGP_KEY_ARG:
        options->program = &state->argv[state->next - 1];
        state->next = state->argc;
        return 0;
    default:
        return report_options_parse(key, argument, state);
    }
}

static const struct argp parser = {
    option_table,
    parse_option,
    "-- PROGRAM [ARGUMENT...]",
    "Run a program, and the programs that it starts, under the recorder; report on stderr a deadlock when it happens, and "
    "everything "
    "when the program has ended.\v"
    "Exit status: the program's own (128 + N when signal N killed it), unless findings fail the run: then that of "
    "--error-exitcode. Before the program starts: 127 it was not found, 126 it is not executable, 2 bad usage or a program that "
    "cannot be observed (linked statically or against another libc than glibc, for another machine, setuid or setgid or with "
    "file "
    "capabilities).\n\n"
    "The program's LD_PRELOAD is kept, after the recorder. Of its LOCKORDER_OPTIONS, trace_dir, report and notify are replaced.",
    NULL,
    NULL,
    NULL,
};

/* --- Before --- */

/* Everything that the run needs and that may fail before the program starts. */
struct preparation {
    char *program_path, *preload_library;
    struct trace_folder folder;
    struct outputs outputs;
    struct user_files user_files;
};

static int fail(const struct error *error, int status)
{
    user_error("%s", error->text);
    return status;
}

static void release(struct preparation *preparation)
{
    free(preparation->program_path);
    free(preparation->preload_library);
    trace_folder_close(&preparation->folder);
    user_files_close(&preparation->user_files);
    *preparation = (struct preparation){0};
}

static int find_program(const struct options *options, struct preparation *preparation)
{
    struct error error;
    int status = program_file_find(options->program[0], &preparation->program_path, &error);
    if (status == 0)
        status = program_file_check(preparation->program_path, &error);
    return status == 0 ? 0 : fail(&error, status);
}

/* Returns 0, or an exit status after the error was printed. */
static int prepare(const struct options *options, struct preparation *preparation)
{
    struct error error;
    int status = find_program(options, preparation);
    if (status != 0)
        return status;
    preparation->preload_library = preload_library_find(&error);
    if (preparation->preload_library == NULL || user_files_open(&preparation->user_files, &options->report, &error) != 0 ||
        trace_folder_open(&preparation->folder, options->trace_dir, &error) != 0)
        return fail(&error, EXIT_REFUSED);
    if (outputs_open(&preparation->outputs, &options->report.outputs, &error) != 0) {
        trace_folder_remove(&preparation->folder);
        return fail(&error, EXIT_REFUSED);
    }
    return 0;
}

/* --- After --- */

/* A process that outlives the program still writes its trace. */
static bool any_process_lives(const struct world *world)
{
    for (uint32_t i = 1; i < world->process_count; i++) {
        const struct process *process = &world->processes[i];
        if (process->state == TRACE_STATE_RECORDING && kill((pid_t)process->kernel_id, 0) == 0)
            return true;
    }
    return false;
}

static bool is_whole(const struct analysis *analysis)
{
    for (uint32_t i = 1; i < analysis->world->process_count; i++) {
        const struct process *process = &analysis->world->processes[i];
        if (process->truncated || process->state == TRACE_STATE_STOPPED)
            return false;
    }
    return analysis->unreadable == 0;
}

/* The traces of a clean run are of no use to anybody. */
static void keep_or_remove_traces(const struct analysis *analysis, const struct trace_folder *folder)
{
    bool lives = any_process_lives(analysis->world);
    if (folder->temporary && !lives && analysis->findings->count == 0 && is_whole(analysis)) {
        trace_folder_remove(folder);
        return;
    }
    user_error("%sthe traces are in %s", lives ? "a process still runs; " : "", folder->path);
}

static int write_reports(const struct analysis *analysis, struct outputs *outputs, struct user_files *user_files)
{
    struct error error;
    struct terminal terminal = terminal_new(stderr);
    if (analysis->world->process_count > 1)
        report_write_text(&analysis->report, &terminal, REPORT_FULL);
    else
        user_error("no trace was written: the recorder was not loaded into the program, or found no space; nothing can be said");
    if (outputs_write(outputs, &analysis->report, &error) == 0 && user_files_write(user_files, analysis, &error) == 0)
        return 0;
    return fail(&error, -1);
}

/* A run in which nothing could be seen proves nothing. */
static bool saw_nothing(const struct world *world)
{
    for (uint32_t i = 1; i < world->process_count; i++) {
        if (world->processes[i].hooks_ran)
            return false;
    }
    user_error("--ci: no lock call was seen in any process; is the program linked statically?");
    return true;
}

/* Returns the exit status of the run. */
static int report_on(const struct options *options, struct preparation *preparation, int program_status)
{
    struct trace_list traces;
    struct analysis analysis;
    struct error error;
    if (trace_folder_new_traces(&preparation->folder, &traces, &error) != 0)
        user_error("%s", error.text);
    analysis_open(&analysis, &traces, options->report.max_cycles);
    analysis.report.deadlocks_told = true; /* the last look was after the end */
    user_files_apply(&preparation->user_files, &analysis);
    int written = write_reports(&analysis, &preparation->outputs, &preparation->user_files);
    keep_or_remove_traces(&analysis, &preparation->folder);
    bool failed = gate_is_failed_by(&options->report.gate, analysis.findings);
    failed |= options->ci && saw_nothing(analysis.world);
    analysis_close(&analysis);
    trace_list_clear(&traces);
    if (failed)
        return (int)options->error_exit_status;
    return written == 0 ? program_status : EXIT_REFUSED;
}

static int run(const struct options *options)
{
    struct preparation preparation = {0};
    struct error error;
    int status = prepare(options, &preparation);
    if (status == 0) {
        struct live_watch *watch = live_watch_new(&preparation.folder, options->stall_after);
        struct launch launch = {.path = preparation.program_path,
                                .arguments = options->program,
                                .preload_library = preparation.preload_library,
                                .trace_folder = preparation.folder.path,
                                .on_deadlock = options->on_deadlock,
                                .record = options->record,
                                .max_trace_size = options->max_trace_size,
                                .look = live_watch_look,
                                .closure = watch};
        status = launch_and_wait(&launch, &error);
        live_watch_free(watch);
        if (status >= 0) {
            status = report_on(options, &preparation, status);
        } else {
            trace_folder_remove(&preparation.folder);
            outputs_abandon(&preparation.outputs);
            status = fail(&error, EXIT_NOT_EXECUTABLE);
        }
    }
    release(&preparation);
    return status;
}

static int run_with(struct options *options)
{
    if (options->ci)
        terminal_forbid_colour();
    if (options->ci && options->on_deadlock == NULL)
        options->on_deadlock = "exit";
    if (options->program != NULL)
        return run(options);
    user_error("run: expected a program; 'lockorder run --help' explains");
    return EXIT_REFUSED;
}

int command_run(int argc, char **argv)
{
    struct options options = {.report = report_options_default(), .error_exit_status = EXIT_GATE};
    enum arguments_result result = arguments_parse(&parser, argc, argv, &options.report.common);
    int status = result == ARGUMENTS_GOOD ? run_with(&options) : result == ARGUMENTS_HELP_PRINTED ? EXIT_CLEAN : EXIT_REFUSED;
    report_options_clear(&options.report);
    return status;
}
