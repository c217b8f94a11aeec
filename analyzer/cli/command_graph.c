#include <stdlib.h>

#include "analysis.h"
#include "command.h"
#include "report_options.h"
#include "trace_report.h"
#include "user_error.h"

struct options {
    struct report_options report; /* first: report_options_parse knows no more */
    char **traces;
    int trace_count;
};

static const struct argp_option option_table[] = {
    {"dot", REPORT_KEY_OUTPUTS + OUTPUT_DOT, "FILE", 0, "Write the graph in graphviz's language to FILE; - is stdout (default)",
     0},
    {"svg", REPORT_KEY_OUTPUTS + OUTPUT_SVG, "FILE", 0, "Write it as a picture, where lockorder was built with graphviz", 0},
    {"html", REPORT_KEY_OUTPUTS + OUTPUT_HTML, "FILE", 0, "Write it as a page for a browser, to search and to walk in", 0},
    ARGUMENTS_HELP,
    {0},
};

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
    "Draw which locks were held while which others were wanted, all traces together.\v"
    "TRACE is a trace file, or a folder of them. A node is a class of locks, an arrow leads from the held lock to the wanted one "
    "and says how often that was seen; what a finding has is red.\n\n"
    "Exit status: 0, or 2 for bad usage or a trace that cannot be read (the other traces are drawn nevertheless).",
    NULL,
    NULL,
    NULL,
};

static bool has_order(const struct world *world)
{
    for (uint32_t i = 1; i < world->dependency_count; i++) {
        if (world->dependencies[i].held_count != 0)
            return true;
    }
    return false;
}

static int write_graph(const struct analysis *analysis, const struct output_paths *paths)
{
    struct outputs outputs;
    struct error error;
    if (!has_order(analysis->world))
        user_error("the graph is empty: no lock was wanted while another one was held");
    if (outputs_open(&outputs, paths, &error) == 0 && outputs_write(&outputs, &analysis->report, &error) == 0)
        return 0;
    user_error("%s", error.text);
    return -1;
}

static int draw(const struct options *options)
{
    struct trace_list traces = {0};
    struct analysis analysis;
    size_t unreadable = trace_report_list(options->traces, options->trace_count, &traces);
    int status = EXIT_REFUSED;
    analysis_open(&analysis, &traces, 0);
    unreadable += analysis.unreadable;
    if (analysis.world->process_count > 1 && write_graph(&analysis, &options->report.outputs) == 0 && unreadable == 0)
        status = EXIT_CLEAN;
    analysis_close(&analysis);
    trace_list_clear(&traces);
    return status;
}

int command_graph(int argc, char **argv)
{
    struct options options = {.report = report_options_default(), .traces = calloc((size_t)argc, sizeof *options.traces)};
    enum arguments_result result = arguments_parse(&parser, argc, argv, &options.report.common);
    int status = EXIT_REFUSED;
    if (!output_paths_are_any(&options.report.outputs))
        options.report.outputs.of[OUTPUT_DOT] = "-";
    if (result == ARGUMENTS_HELP_PRINTED)
        status = EXIT_CLEAN;
    else if (result == ARGUMENTS_GOOD && options.trace_count == 0)
        user_error("graph: expected a trace or a folder of traces; 'lockorder graph --help' explains");
    else if (result == ARGUMENTS_GOOD)
        status = draw(&options);
    free(options.traces);
    return status;
}
