#include <stdio.h>
#include <stdlib.h>

#include "analysis.h"
#include "arguments.h"
#include "command.h"
#include "trace_report.h"
#include "user_error.h"

enum { KEY_OUTPUT = 'o' };

struct options {
    struct arguments common; /* first: arguments_parse_common knows no more */
    const char *output;
    char **traces;
    int trace_count;
};

static const struct argp_option option_table[] = {
    {"output", KEY_OUTPUT, "FILE", 0, "Write to FILE (default: -, stdout)", 0}, ARGUMENTS_HELP, {0}};

static error_t parse_option(int key, char *argument, struct argp_state *state)
{
    struct options *options = state->input;
    switch (key) {
    case KEY_OUTPUT:
        options->output = argument;
        return 0;
    case ARGP_KEY_ARG:
        options->traces[options->trace_count++] = argument;
        return 0;
    default:
        return arguments_parse_common(key, state);
    }
}

static const struct argp parser = {
    option_table,
    parse_option,
    "TRACE...",
    "Print the order in which locks were taken, as a file that can be kept under review: one 'NAME before NAME' a line, for "
    "roles of locks.\v"
    "'lockorder check --order FILE' holds other runs against it. Where both orders were seen, the one that was seen less often "
    "is a comment.\n\n"
    "Exit status: 0 the order was written, 2 bad usage, or a file that cannot be read or written.",
    NULL,
    NULL,
    NULL,
};

static int write_order(const struct options *options, const struct analysis *analysis)
{
    struct output_file file;
    struct error error;
    if (output_file_open(&file, options->output, &error) == 0) {
        analysis_write_order(analysis, file.stream);
        if (output_file_commit(&file, &error) == 0)
            return EXIT_CLEAN;
    }
    user_error("%s", error.text);
    return EXIT_REFUSED;
}

static int order(const struct options *options)
{
    struct trace_list traces = {0};
    struct analysis analysis;
    size_t unreadable = trace_report_list(options->traces, options->trace_count, &traces);
    int status = EXIT_REFUSED;
    analysis_open(&analysis, &traces, 1); /* its findings are not asked for */
    if (unreadable + analysis.unreadable == 0)
        status = write_order(options, &analysis);
    analysis_close(&analysis);
    trace_list_clear(&traces);
    return status;
}

int command_order(int argc, char **argv)
{
    struct options options = {.output = "-", .traces = calloc((size_t)argc, sizeof *options.traces)};
    enum arguments_result result = arguments_parse(&parser, argc, argv, &options.common);
    int status = EXIT_REFUSED;
    if (result == ARGUMENTS_HELP_PRINTED)
        status = EXIT_CLEAN;
    else if (result == ARGUMENTS_GOOD && options.trace_count == 0)
        user_error("order: expected a trace or a folder of traces; 'lockorder order --help' explains");
    else if (result == ARGUMENTS_GOOD)
        status = order(&options);
    free(options.traces);
    return status;
}
