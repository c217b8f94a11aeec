#include <stdio.h>
#include <stdlib.h>

#include "arguments.h"
#include "command.h"
#include "output_file.h"
#include "progress.h"
#include "trace/merge.h"
#include "trace_report.h"
#include "user_error.h"

enum { KEY_OUTPUT = 'o', KEY_ACROSS_BUILDS = ARGUMENTS_KEY_FIRST };

struct options {
    struct arguments common; /* first: arguments_parse_common knows no more */
    const char *output;
    bool across_builds;
    char **traces;
    int trace_count;
};

static const struct argp_option option_table[] = {
    {"output", KEY_OUTPUT, "FILE", 0, "Write the merged trace to FILE; - is stdout", 0},
    {"across-builds", KEY_ACROSS_BUILDS, NULL, 0,
     "Reports on it join different builds of one module, by the names of its variables and functions", 0},
    ARGUMENTS_HELP,
    {0}};

static error_t parse_option(int key, char *argument, struct argp_state *state)
{
    struct options *options = state->input;
    switch (key) {
    case KEY_OUTPUT:
        options->output = argument;
        return 0;
    case KEY_ACROSS_BUILDS:
        options->across_builds = true;
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
    "TRACE... -o FILE",
    "Merge traces into one, which is a trace like any other. Processes that did the same become one.\v"
    "Merging is associative, commutative and idempotent: traces may be merged in any groups, in any order, and more than "
    "once.\n\n"
    "Exit status: 0 the trace was written, 2 bad usage, or a file that cannot be read or written.",
    NULL,
    NULL,
    NULL,
};

static int add_all(struct merge *merge, const struct trace_list *traces, struct error *error)
{
    int result = 0;
    progress_begin();
    for (size_t i = 0; i < traces->count && result == 0; i++) {
        progress_say("merging traces", i, traces->count);
        result = merge_add(merge, traces->paths[i], error);
    }
    progress_end();
    return result;
}

/* Nothing is written where a trace cannot be read: a merged trace that lacks some looks like one that does not. */
static int merge_into(struct merge *merge, const struct trace_list *traces, const char *output)
{
    struct output_file file;
    struct error error;
    if (add_all(merge, traces, &error) == 0 && output_file_open(&file, output, &error) == 0) {
        if (merge_write(merge, file.stream, &error) == 0) {
            if (output_file_commit(&file, &error) == 0)
                return EXIT_CLEAN;
        } else {
            output_file_abandon(&file);
        }
    }
    user_error("%s", error.text);
    return EXIT_REFUSED;
}

static int merge(const struct options *options)
{
    struct trace_list traces = {0};
    int status = EXIT_REFUSED;
    if (trace_report_list(options->traces, options->trace_count, &traces) == 0) {
        struct merge *merged = merge_new();
        if (options->across_builds)
            merge_across_builds(merged);
        status = merge_into(merged, &traces, options->output);
        merge_free(merged);
    }
    trace_list_clear(&traces);
    return status;
}

int command_merge(int argc, char **argv)
{
    struct options options = {.traces = calloc((size_t)argc, sizeof *options.traces)};
    enum arguments_result result = arguments_parse(&parser, argc, argv, &options.common);
    int status = EXIT_REFUSED;
    if (result == ARGUMENTS_HELP_PRINTED)
        status = EXIT_CLEAN;
    else if (result == ARGUMENTS_GOOD && options.trace_count == 0)
        user_error("merge: expected a trace or a folder of traces; 'lockorder merge --help' explains");
    else if (result == ARGUMENTS_GOOD && options.output == NULL)
        user_error("merge: expected -o FILE, where the merged trace goes");
    else if (result == ARGUMENTS_GOOD)
        status = merge(&options);
    free(options.traces);
    return status;
}
