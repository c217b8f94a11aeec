#include <stdlib.h>

#include "command.h"
#include "trace_report.h"
#include "user_error.h"

struct options {
    struct report_options report; /* first: report_options_parse knows no more */
    char **traces;
    int trace_count;
};

static const struct argp_option option_table[] = {REPORT_OPTIONS, {0}};

static error_t parse_option(int key, char *argument, struct argp_state *state)
{
    struct options *options = state->input;
    if (key != ARGP_KEY_ARG)
        return report_options_parse(key, argument, state);
    options->traces[options->trace_count++] = argument;
    return 0;
}

static const struct argp parser = {
    option_table,
    parse_option,
    "TRACE...",
    "Hold traces against what is known: fail on findings that are neither in the baseline nor suppressed.\v"
    "TRACE is a trace file, or a folder of them. The report goes to stdout; known findings are folded to a line each, and the "
    "last line is the verdict.\n\n"
    "Exit status: 0 nothing new that fails, 1 new findings that fail, 2 bad usage, or a file that cannot be read or written.",
    NULL,
    NULL,
    NULL,
};

int command_check(int argc, char **argv)
{
    struct options options = {.report = report_options_default(), .traces = calloc((size_t)argc, sizeof *options.traces)};
    enum arguments_result result = arguments_parse(&parser, argc, argv, &options.report.common);
    int status = EXIT_REFUSED;
    if (result == ARGUMENTS_HELP_PRINTED)
        status = EXIT_CLEAN;
    else if (result == ARGUMENTS_GOOD && options.trace_count == 0)
        user_error("check: expected a trace or a folder of traces; 'lockorder check --help' explains");
    else if (result == ARGUMENTS_GOOD)
        status = trace_report_run(&(struct trace_report){&options.report, options.traces, options.trace_count, .is_gate = true});
    report_options_clear(&options.report);
    free(options.traces);
    return status;
}
