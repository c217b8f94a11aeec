#include "trace_report.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "analysis.h"
#include "command.h"
#include "user_error.h"
#include "user_files.h"

size_t trace_report_list(char *const *paths, int count, struct trace_list *list)
{
    size_t missing = 0;
    for (int i = 0; i < count; i++) {
        struct error error;
        if (trace_list_add(list, paths[i], &error) != 0) {
            user_error("%s", error.text);
            missing++;
        }
    }
    return missing;
}

static uint32_t count_failing(const struct gate *gate, const struct findings *findings)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < findings->count; i++)
        count += gate_is_failed_by_finding(gate, &findings->items[i]);
    return count;
}

static void print_gate(const struct trace_report *request, const struct analysis *analysis)
{
    uint32_t failing = count_failing(&request->options->gate, analysis->findings);
    if (failing == 0)
        puts("check: passed");
    else
        printf("check: failed by %" PRIu32 " new finding%s\n", failing, failing == 1 ? "" : "s");
}

static int write_text(const struct trace_report *request, const struct analysis *analysis, struct error *error)
{
    struct terminal terminal = terminal_new(stdout);
    struct output_file file = {.stream = stdout};
    report_write_text(&analysis->report, &terminal, REPORT_FULL);
    if (request->is_gate)
        print_gate(request, analysis);
    return output_file_commit(&file, error);
}

static int write_outputs(const struct output_paths *paths, const struct analysis *analysis, struct error *error)
{
    struct outputs outputs;
    return outputs_open(&outputs, paths, error) == 0 ? outputs_write(&outputs, &analysis->report, error) : -1;
}

/* What goes to stdout takes the place of the text. */
static int write_all(const struct trace_report *request, struct user_files *files, const struct analysis *analysis)
{
    struct error error;
    bool has_text = !output_paths_take_stdout(&request->options->outputs) && !user_files_print_rules(files);
    if ((!has_text || write_text(request, analysis, &error) == 0) &&
        write_outputs(&request->options->outputs, analysis, &error) == 0 && user_files_write(files, analysis, &error) == 0)
        return 0;
    user_error("%s", error.text);
    return -1;
}

/* With the traces that could be read. */
static int judge(const struct trace_report *request, struct user_files *files, struct trace_list *traces, size_t missing)
{
    struct analysis analysis;
    int status = EXIT_REFUSED;
    analysis_open(&analysis, traces, request->options->max_cycles);
    analysis.unreadable += missing;
    user_files_apply(files, &analysis);
    if (analysis.world->process_count > 1 && write_all(request, files, &analysis) == 0 && analysis.unreadable == 0)
        status = gate_is_failed_by(&request->options->gate, analysis.findings) ? EXIT_FINDINGS : EXIT_CLEAN;
    analysis_close(&analysis);
    return status;
}

int trace_report_run(const struct trace_report *request)
{
    struct user_files files;
    struct trace_list traces = {0};
    struct error error;
    if (user_files_open(&files, request->options, &error) != 0) {
        user_error("%s", error.text);
        return EXIT_REFUSED;
    }
    size_t missing = trace_report_list(request->traces, request->trace_count, &traces);
    int status = judge(request, &files, &traces, missing);
    trace_list_clear(&traces);
    user_files_close(&files);
    return status;
}
