/* Any bytes as a trace: loaded, judged, written in every form; dumped; merged with itself. What is asked of them is only that
 * they end, and within the memory that fuzz_test.py allows. */
#include <stdlib.h>

#include "cli/analysis.h"
#include "cli/command.h"
#include "fuzz_input.h"
#include "trace/load.h"
#include "trace/merge.h"

enum { MAX_CYCLES = 100 };

static FILE *nowhere;

static bool can_be_loaded(const char *path)
{
    struct world *world = world_new();
    struct error error;
    bool loaded = trace_load(world, path, &error) == 0;
    world_free(world);
    return loaded;
}

static void report_in_every_form(char *path)
{
    static int (*const writers[])(const struct report *report, FILE *stream, struct error *error) = {
        report_write_json,   report_write_sarif, report_write_junit, report_write_markdown,
        report_write_github, report_write_html,  report_write_dot,
    };
    struct trace_list list = {.paths = &path, .count = 1};
    struct terminal terminal = terminal_new(nowhere);
    struct analysis analysis;
    struct error error;
    analysis_open(&analysis, &list, MAX_CYCLES);
    report_write_text(&analysis.report, &terminal, REPORT_FULL);
    report_write_text(&analysis.report, &terminal, REPORT_SHORT);
    for (size_t i = 0; i < sizeof writers / sizeof writers[0]; i++)
        writers[i](&analysis.report, nowhere, &error);
    analysis_write_order(&analysis, nowhere);
    analysis_close(&analysis);
}

static void merge_with_itself(const char *path)
{
    struct merge *merge = merge_new();
    struct error error;
    if (merge_add(merge, path, &error) == 0 && merge_add(merge, path, &error) == 0)
        merge_write(merge, nowhere, &error);
    merge_free(merge);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *path = (char *)fuzz_input_path(data, size);
    if (nowhere == NULL && (nowhere = fopen("/dev/null", "w")) == NULL)
        abort();
    command_dump(2, (char *[]){"dump", path, NULL});
    if (can_be_loaded(path)) {
        report_in_every_form(path);
        merge_with_itself(path);
    }
    return 0;
}
