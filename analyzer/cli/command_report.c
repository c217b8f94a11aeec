#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis.h"
#include "command.h"
#include "live_report.h"
#include "report/program_text.h"
#include "report_options.h"
#include "trace_report.h"
#include "user_error.h"

enum { KEY_AT_EXIT = REPORT_KEY_FIRST, KEY_LIVE };

struct options {
    struct report_options report; /* first: report_options_parse knows no more */
    bool at_exit, live;
    uint64_t deadlock; /* with live: which one, 1, 2, ...; 0: the last */
    char **traces;
    int trace_count;
};

static const struct argp_option option_table[] = {
    REPORT_OPTIONS,
    /* For the recorder: a short report on stderr, which never fails the program. */
    {"at-exit", KEY_AT_EXIT, NULL, OPTION_HIDDEN, NULL, 0},
    /* The same at a deadlock, while the program hangs. */
    {"live", KEY_LIVE, "NUMBER", OPTION_HIDDEN | OPTION_ARG_OPTIONAL, NULL, 0},
    {0},
};

static error_t parse_option(int key, char *argument, struct argp_state *state)
{
    struct options *options = state->input;
    switch (key) {
    case KEY_AT_EXIT:
        options->at_exit = true;
        return 0;
    case KEY_LIVE:
        options->live = true;
        if (argument == NULL || report_options_number("live", argument, 1, UINT32_MAX, &options->deadlock) == 0)
            return 0;
        return ARGUMENTS_BAD_VALUE;
    case ARGP_KEY_ARG:
        options->traces[options->trace_count++] = argument;
        return 0;
    default:
        return report_options_parse(key, argument, state);
    }
}

static const struct argp parser = {
    option_table,
    parse_option,
    "TRACE...",
    "Report on traces that were recorded before, all together.\v"
    "TRACE is a trace file, or a folder of them. The report goes to stdout.\n\n"
    "Exit status: 0 nothing that fails, 1 findings that fail, 2 bad usage or a trace that cannot be read (the other traces are "
    "reported on nevertheless).",
    NULL,
    NULL,
    NULL,
};

static int write_text(const struct analysis *analysis, struct error *error)
{
    struct output_file file = {.stream = stdout};
    struct terminal terminal = terminal_new(stdout);
    report_write_text(&analysis->report, &terminal, REPORT_FULL);
    return output_file_commit(&file, error);
}

/* What goes to stdout takes the place of the text. */
static int write_report(const struct analysis *analysis, const struct output_paths *paths)
{
    struct outputs outputs;
    struct error error;
    if ((output_paths_take_stdout(paths) || write_text(analysis, &error) == 0) && outputs_open(&outputs, paths, &error) == 0 &&
        outputs_write(&outputs, &analysis->report, &error) == 0)
        return 0;
    user_error("%s", error.text);
    return -1;
}

static int report_all(const struct options *options)
{
    struct trace_list traces = {0};
    struct analysis analysis;
    size_t unreadable = trace_report_list(options->traces, options->trace_count, &traces);
    int status = EXIT_REFUSED;
    analysis_open(&analysis, &traces, options->report.max_cycles);
    unreadable += analysis.unreadable;
    if (analysis.world->process_count > 1 && write_report(&analysis, &options->report.outputs) == 0 && unreadable == 0)
        status = gate_is_failed_by(&options->report.gate, analysis.findings) ? EXIT_FINDINGS : EXIT_CLEAN;
    analysis_close(&analysis);
    trace_list_clear(&traces);
    return status;
}

/* Called by the recorder at the end of a program without `lockorder run`. */
static int report_at_exit(const struct options *options)
{
    struct trace_list traces = {0};
    struct analysis analysis;
    trace_report_list(options->traces, options->trace_count, &traces);
    analysis_open(&analysis, &traces, options->report.max_cycles);
    if (analysis.world->process_count > 1) {
        struct terminal terminal = terminal_new(stderr);
        report_write_text(&analysis.report, &terminal, REPORT_SHORT);
        fputs("full report: lockorder report ", stderr);
        program_text_print(stderr, traces.paths[0]);
        fputc('\n', stderr);
    }
    analysis_close(&analysis);
    trace_list_clear(&traces);
    return EXIT_CLEAN;
}

/* Called by the recorder at a deadlock without `lockorder run`. */
static int report_live(const struct options *options)
{
    struct error error;
    for (int i = 0; i < options->trace_count; i++) {
        if (live_report_deadlock(options->traces[i], (uint32_t)options->deadlock, &error) != 0)
            user_error("%s", error.text);
    }
    return EXIT_CLEAN;
}

int command_report(int argc, char **argv)
{
    struct options options = {.report = report_options_default(), .traces = calloc((size_t)argc, sizeof *options.traces)};
    enum arguments_result result = arguments_parse(&parser, argc, argv, &options.report.common);
    int status = EXIT_REFUSED;
    if (result == ARGUMENTS_HELP_PRINTED)
        status = EXIT_CLEAN;
    else if (result == ARGUMENTS_GOOD && options.trace_count == 0)
        user_error("report: expected a trace or a folder of traces; 'lockorder report --help' explains");
    else if (result == ARGUMENTS_GOOD)
        status = options.at_exit ? report_at_exit(&options) : options.live ? report_live(&options) : report_all(&options);
    free(options.traces);
    return status;
}
