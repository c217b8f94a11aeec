#include "analysis.h"

#include <stdlib.h>

#include "gate/learnt_order.h"
#include "gate/suppressions.h"
#include "progress.h"
#include "shared_deadlock.h"
#include "trace/load.h"
#include "trace/settle.h"
#include "user_error.h"
#include "verdict/events.h"
#include "verdict/proven.h"
#include "verdict/suggestion.h"
#include "verdict/verdict.h"

/* A trace that cannot be loaded leaves the world as it was. */
static void load(struct analysis *analysis, const struct trace_list *traces)
{
    struct error error;
    analysis->world = world_new();
    for (size_t i = 0; i < traces->count; i++) {
        progress_say("reading traces", i, traces->count);
        if (trace_load(analysis->world, traces->paths[i], &error) == 0)
            continue;
        user_error("%s", error.text);
        analysis->unreadable++;
    }
    trace_settle(analysis->world);
}

/* Looking up names is what takes long once the traces have been read. */
static void count_name(void)
{
    static size_t count;
    progress_say("looking up names", ++count, 0);
}

/* What was inlined into the function comes first. */
static const char *function_name(void *symbolizer, struct frame frame)
{
    uint32_t count = 0;
    const struct symbol_frame *frames = symbolizer_frame(symbolizer, frame, &count);
    count_name();
    return frames[count - 1].function;
}

static const char *variable_name(void *symbolizer, struct module_id module, uint64_t offset)
{
    count_name();
    return symbolizer_variable(symbolizer, module, offset);
}

static bool code_place(void *symbolizer, struct frame frame, uint32_t depth, struct code_place *place)
{
    uint32_t count = 0;
    const struct symbol_frame *frames = symbolizer_frame(symbolizer, frame, &count);
    if (depth >= count)
        return false;
    *place = (struct code_place){frames[depth].function, frames[depth].line};
    return true;
}

static struct fingerprint_names names_of(const struct analysis *analysis)
{
    return (struct fingerprint_names){function_name, variable_name, code_place, analysis->symbolizer};
}

static void judge(struct analysis *analysis, uint64_t max_cycles)
{
    struct verdict_options options = {max_cycles, names_of(analysis)};
    analysis->findings = verdict_find(analysis->world, &options);
    proven_mark(analysis->world, analysis->findings);
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
    progress_begin();
    load(analysis, traces);
    analysis->symbolizer = symbolizer_new(analysis->world);
    judge(analysis, max_cycles);
    report_open(&analysis->report, analysis->world, analysis->findings, analysis->symbolizer);
    add_sentences(analysis);
    suppressions_apply_builtin(&analysis->report, analysis->findings);
    progress_end();
}

/* The events but for the first `told` are the findings. */
static void open_deadlocks(struct analysis *analysis, uint32_t told)
{
    analysis->symbolizer = symbolizer_new(analysis->world);
    analysis->findings = events_find_deadlocks(analysis->world, names_of(analysis), told);
    report_open(&analysis->report, analysis->world, analysis->findings, analysis->symbolizer);
    add_sentences(analysis);
}

void analysis_open_between(struct analysis *analysis, const struct trace_list *traces)
{
    struct error error;
    *analysis = (struct analysis){.world = world_new()};
    for (size_t i = 0; i < traces->count; i++)
        analysis->unreadable += trace_load(analysis->world, traces->paths[i], &error) != 0;
    trace_settle(analysis->world);
    uint32_t others = 0;
    for (uint32_t i = 1; i < analysis->world->event_count; i++)
        others += analysis->world->events[i].kind == TRACE_EVENT_DEADLOCK;
    shared_deadlock_find(analysis->world);
    open_deadlocks(analysis, others);
}

int analysis_open_live(struct analysis *analysis, const char *path, uint32_t told, struct error *error)
{
    *analysis = (struct analysis){.world = world_new()};
    if (trace_load(analysis->world, path, error) != 0) {
        world_free(analysis->world);
        return -1;
    }
    trace_settle(analysis->world);
    open_deadlocks(analysis, told);
    return 0;
}

void analysis_close(struct analysis *analysis)
{
    report_close(&analysis->report);
    findings_free(analysis->findings);
    symbolizer_free(analysis->symbolizer);
    world_free(analysis->world);
    *analysis = (struct analysis){0};
}

void analysis_hold_against(struct analysis *analysis, const struct declared_orders *declared, struct remarks *remarks)
{
    struct fingerprint_names names = names_of(analysis);
    declared_order_apply(declared, &analysis->report, &names, analysis->findings, remarks);
    findings_sort(analysis->findings);
    add_sentences(analysis);
}

void analysis_write_order(const struct analysis *analysis, FILE *stream)
{
    struct fingerprint_names names = names_of(analysis);
    struct lock_roles *roles = lock_roles_new(&analysis->report, &names);
    struct learnt_order learnt = learnt_order_find(analysis->world, roles);
    learnt_order_write(&learnt, &analysis->report, stream);
    learnt_order_clear(&learnt);
    lock_roles_free(roles);
}
