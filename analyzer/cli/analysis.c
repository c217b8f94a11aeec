#include "analysis.h"

#include "allocate.h"
#include "trace/load.h"
#include "user_error.h"
#include "verdict/suggestion.h"
#include "verdict/verdict.h"

/* Loads all but the bad ones. Returns the index of a trace that turned out to be bad, which is then told; `count` if none did. */
static size_t load_good(struct world *world, const struct trace_list *traces, const bool *bad)
{
    struct error error;
    for (size_t i = 0; i < traces->count; i++) {
        if (bad[i] || trace_load(world, traces->paths[i], &error) == 0)
            continue;
        user_error("%s", error.text);
        return i;
    }
    return traces->count;
}

/* A broken trace leaves a world that is of no use, so all that were good before it are loaded again. */
static void load(struct analysis *analysis, const struct trace_list *traces)
{
    bool *bad = allocate_zeroed(traces->count, sizeof *bad);
    size_t found;
    analysis->world = world_new();
    while ((found = load_good(analysis->world, traces, bad)) < traces->count) {
        bad[found] = true;
        analysis->unreadable++;
        world_free(analysis->world);
        analysis->world = world_new();
    }
    free(bad);
}

/* What was inlined into the function comes first. */
static const char *function_name(void *symbolizer, struct frame frame)
{
    uint32_t count = 0;
    const struct symbol_frame *frames = symbolizer_frame(symbolizer, frame, &count);
    return frames[count - 1].function;
}

static void judge(struct analysis *analysis, uint64_t max_cycles)
{
    struct verdict_options options = {max_cycles, function_name, analysis->symbolizer};
    analysis->findings = verdict_find(analysis->world, &options);
}

/* The sentences need the names of locks, which come from symbols and from knowing all findings. */
static void add_sentences(struct analysis *analysis)
{
    struct lock_names *names = analysis->report.lock_names;
    for (uint32_t i = 0; i < analysis->findings->count; i++) {
        struct finding *finding = &analysis->findings->items[i];
        free(finding->title);
        free(finding->suggestion);
        finding->title = finding_title(analysis->world, finding, lock_names_name, names);
        finding->suggestion = suggestion_text(analysis->world, finding, lock_names_name, names);
    }
}

void analysis_open(struct analysis *analysis, const struct trace_list *traces, uint64_t max_cycles)
{
    *analysis = (struct analysis){.unreadable = 0};
    load(analysis, traces);
    analysis->symbolizer = symbolizer_new(analysis->world);
    judge(analysis, max_cycles);
    report_open(&analysis->report, analysis->world, analysis->findings, analysis->symbolizer);
    add_sentences(analysis);
}

void analysis_close(struct analysis *analysis)
{
    report_close(&analysis->report);
    findings_free(analysis->findings);
    symbolizer_free(analysis->symbolizer);
    world_free(analysis->world);
    *analysis = (struct analysis){0};
}

int analysis_write_json(const struct analysis *analysis, struct output_file *file, struct error *error)
{
    if (report_write_json(&analysis->report, file->stream, error) == 0)
        return output_file_commit(file, error);
    output_file_abandon(file);
    return -1;
}
