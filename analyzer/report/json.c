/* The JSON report: report.schema.json describes each field, and its rules for change. */
#include <stdlib.h>

#include "coverage.h"
#include "json_value.h"
#include "lock_graph.h"
#include "stack.h"

enum { SCHEMA_VERSION = 1 };

static json_t *frame_value(const struct stack_line *line)
{
    json_t *frame = json_object();
    json_put(frame, "function", json_text(line->function));
    json_put(frame, "file", json_text(line->file));
    json_put(frame, "line", json_number(line->line));
    json_put(frame, "module", json_text(line->module));
    json_put(frame, "offset", json_address(line->offset));
    json_put(frame, "inlined", json_boolean(line->inlined));
    return frame;
}

static json_t *lock_value(const struct report *report, struct lock_id id)
{
    const struct lock *lock = &report->world->locks[id.index];
    json_t *value = json_object();
    json_put(value, "id", json_number(lock->number));
    json_put(value, "kind", json_string(lock_kind_name(lock->kind)));
    json_put(value, "name", json_text(lock_names_name(report->lock_names, id)));
    json_put(value, "class", json_text(lock_names_class(report->lock_names, id)));
    json_put(value, "address", json_address(lock->address));
    return value;
}

static const char *mode_name(enum trace_mode mode)
{
    return mode == TRACE_MODE_EXCLUSIVE ? "exclusive" : mode == TRACE_MODE_SHARED ? "shared" : "unknown";
}

/* One side of a step: a lock, how, and where; null where there is nothing to tell. */
static json_t *side_value(const struct report *report, const struct held_lock *from)
{
    struct stack stack;
    if (from->lock.index == 0 && from->context.index == 0)
        return json_null();
    stack_open(&stack, report->world, report->symbolizer, from->context);
    json_t *frames = json_array();
    for (uint32_t i = 0; i < stack.count; i++)
        json_add(frames, frame_value(&stack.lines[i]));
    json_t *side = json_object();
    json_put(side, "lock", from->lock.index == 0 ? json_null() : lock_value(report, from->lock));
    json_put(side, "mode", json_string(mode_name(from->mode)));
    json_put(side, "stack", frames);
    json_put(side, "stack_cut", json_boolean(stack.cut));
    json_put(side, "place", json_number(stack.place));
    stack_close(&stack);
    return side;
}

static json_t *thread_value(const struct thread *thread)
{
    json_t *value = json_object();
    json_put(value, "id", json_number(thread->number));
    json_put(value, "name", json_text(thread->name));
    json_put(value, "tid", json_number(thread->kernel_id));
    json_put(value, "main", json_boolean((thread->flags & TRACE_THREAD_MAIN) != 0));
    return value;
}

static json_t *build_id_value(const struct world *world, struct process_id process)
{
    char *build_id = coverage_build_id(world, process);
    json_t *value = build_id == NULL ? json_null() : json_text(build_id);
    free(build_id);
    return value;
}

static json_t *process_value(const struct world *world, struct process_id id)
{
    const struct process *process = &world->processes[id.index];
    json_t *value = json_object();
    json_put(value, "pid", json_number(process->kernel_id));
    json_put(value, "executable", json_text(process->executable == NULL ? "" : process->executable));
    json_put(value, "build_id", build_id_value(world, id));
    return value;
}

static json_t *step_value(const struct report *report, const struct finding_step *step)
{
    const struct thread *threads = report->world->threads;
    json_t *value = json_object();
    json_put(value, "thread", thread_value(&threads[step->thread.index]));
    json_put(value, "process", process_value(report->world, threads[step->thread.index].process));
    json_put(value, "count", json_number(step->count));
    json_put(value, "holds", side_value(report, &step->holds));
    json_put(value, "wants", side_value(report, &step->wants));
    json_put(value, "other_thread",
             step->other_thread.index == 0 ? json_null() : thread_value(&threads[step->other_thread.index]));
    json_put(value, "timed", json_boolean((step->flags & TRACE_DEPENDENCY_TIMED) != 0));
    json_put(value, "condition", json_boolean((step->flags & TRACE_DEPENDENCY_CONDITION) != 0));
    return value;
}

static json_t *process_of(const struct report *report, const struct finding *finding)
{
    return process_value(report->world, finding_process(report->world, finding));
}

/* The line of a call that a reader looks for; null where it is not known. */
static json_t *call_frame_value(const struct report *report, struct context_id context)
{
    struct stack stack;
    stack_open(&stack, report->world, report->symbolizer, context);
    json_t *value = stack.count == 0 ? json_null() : frame_value(&stack.lines[stack.place]);
    stack_close(&stack);
    return value;
}

static json_t *call_value(const struct report *report, const struct finding_call *call)
{
    static const char *const names[] = {
        [FINDING_CALL_LOCKS] = "locks", [FINDING_CALL_UNLOCKS] = "unlocks", [FINDING_CALL_BLOCKS] = "blocks"};
    json_t *value = json_object();
    json_put(value, "thread", thread_value(&report->world->threads[call->thread.index]));
    json_put(value, "call", json_string(names[call->kind]));
    json_put(value, "lock", call->lock.index == 0 ? json_null() : lock_value(report, call->lock));
    json_put(value, "address", json_address(call->address));
    json_put(value, "frame", call_frame_value(report, call->context));
    return value;
}

static json_t *schedule_value(const struct report *report, const struct finding *finding)
{
    if (finding->certainty != CERTAINTY_PROVEN)
        return json_null();
    json_t *calls = json_array();
    for (uint32_t i = 0; i < finding->schedule_count; i++)
        json_add(calls, call_value(report, &finding->schedule[i]));
    json_t *value = json_object();
    json_put(value, "left_out", json_number(finding->schedule_left_out));
    json_put(value, "calls", calls);
    return value;
}

static json_t *finding_value(const struct report *report, const struct finding *finding)
{
    json_t *steps = json_array();
    for (uint32_t i = 0; i < finding->step_count; i++)
        json_add(steps, step_value(report, &finding->steps[i]));
    json_t *value = json_object();
    json_put(value, "kind", json_string(finding_kind_name(finding->kind)));
    json_put(value, "subkind", json_text(finding->subkind));
    json_put(value, "certainty", json_string(finding_certainty_name(finding->certainty)));
    json_put(value, "fingerprint", json_text(finding->fingerprint));
    json_put(value, "title", json_text(finding->title == NULL ? "" : finding->title));
    json_put(value, "process", process_of(report, finding));
    json_put(value, "occurrences", json_number(finding->occurrences));
    json_put(value, "needs_timeout_to_end", json_boolean(finding->needs_timeout_to_end));
    json_put(value, "needs_writer", json_boolean(finding->needs_writer));
    json_put(value, "advisory", json_boolean(finding->advisory));
    json_put(value, "across_runs", json_boolean(finding->across_runs));
    json_put(value, "mine", json_boolean(!finding->is_elsewhere));
    json_put(value, "status", json_string(finding_status_name(finding->status)));
    json_put(value, "status_reason", finding->status_reason == NULL ? json_null() : json_text(finding->status_reason));
    json_put(value, "steps", steps);
    json_put(value, "schedule", schedule_value(report, finding));
    json_put(value, "suggestion", finding->suggestion == NULL ? json_null() : json_text(finding->suggestion));
    return value;
}

static json_t *findings_value(const struct report *report)
{
    json_t *findings = json_array();
    for (uint32_t i = 0; i < report->findings->count; i++)
        json_add(findings, finding_value(report, &report->findings->items[i]));
    return findings;
}

static json_t *summary_value(const struct report *report)
{
    uint64_t counts[FINDING_KIND_COUNT] = {0};
    for (uint32_t i = 0; i < report->findings->count; i++)
        counts[report->findings->items[i].kind]++;
    json_t *summary = json_object();
    for (int kind = 0; kind < FINDING_KIND_COUNT; kind++)
        json_put(summary, finding_kind_name((enum finding_kind)kind), json_number(counts[kind]));
    return summary;
}

static json_t *statuses_value(const struct findings *findings)
{
    json_t *statuses = json_object();
    for (int status = 0; status < FINDING_STATUS_COUNT; status++)
        json_put(statuses, finding_status_name((enum finding_status)status),
                 json_number(findings_count_of(findings, (enum finding_status)status)));
    return statuses;
}

static json_t *remarks_value(const struct remarks *remarks)
{
    json_t *list = json_array();
    for (uint32_t i = 0; remarks != NULL && i < remarks->count; i++) {
        json_t *remark = json_object();
        json_put(remark, "kind", json_string(remark_kind_name(remarks->items[i].kind)));
        json_put(remark, "text", json_text(remarks->items[i].text));
        json_add(list, remark);
    }
    return list;
}

static json_t *program_value(const struct world *world)
{
    const struct process *process = &world->processes[coverage_first_process(world).index];
    json_t *arguments = json_array();
    for (uint32_t i = 0; i < process->argument_count; i++)
        json_add(arguments, json_text(process->arguments[i]));
    return arguments;
}

static json_t *traces_value(const struct world *world)
{
    json_t *traces = json_array();
    for (uint32_t i = 1; i < world->process_count; i++)
        json_add(traces, json_text(world->processes[i].trace_path));
    return traces;
}

static json_t *limits_value(const struct coverage *coverage)
{
    json_t *values = json_array();
    for (uint32_t limit = 0; limit < COVERAGE_LIMIT_COUNT; limit++) {
        if (coverage->limits[limit] == 0)
            continue;
        json_t *value = json_object();
        json_put(value, "limit", json_string(coverage_limit_name(limit)));
        json_put(value, "count", json_number(coverage->limits[limit]));
        json_put(value, "text", json_string(coverage_limit_text(limit)));
        json_add(values, value);
    }
    return values;
}

/* The processes for which `is_listed` holds. */
static json_t *process_list(const struct world *world, coverage_predicate *is_listed)
{
    json_t *list = json_array();
    for (uint32_t i = 1; i < world->process_count; i++) {
        if (is_listed(world, (struct process_id){i}))
            json_add(list, process_value(world, (struct process_id){i}));
    }
    return list;
}

static json_t *modules_value(const struct report *report)
{
    uint32_t count = 0;
    struct coverage_module *modules = coverage_modules_without_lines(report, &count);
    json_t *values = json_array();
    for (uint32_t i = 0; i < count; i++) {
        json_t *value = json_object();
        json_put(value, "module", json_text(report->world->modules[modules[i].module.index].path));
        json_put(value, "reason", json_string(coverage_quality_text(modules[i].quality)));
        json_add(values, value);
    }
    free(modules);
    return values;
}

static json_t *coverage_value(const struct report *report, const struct coverage *coverage)
{
    json_t *value = json_object();
    json_put(value, "processes", json_number(coverage->processes));
    json_put(value, "images", json_number(coverage->images));
    json_put(value, "threads", json_number(coverage->threads));
    json_put(value, "locks", json_number(coverage->locks));
    json_put(value, "acquisitions", json_number(coverage->acquisitions));
    json_put(value, "unobserved_processes", process_list(report->world, coverage_is_unobserved));
    json_put(value, "unfinished_processes", process_list(report->world, coverage_is_unfinished));
    json_put(value, "stopped_processes", process_list(report->world, coverage_is_stopped));
    json_put(value, "truncated_processes", process_list(report->world, coverage_is_truncated));
    json_put(value, "modules_without_lines", modules_value(report));
    return value;
}

/* --- Statistics --- */

static json_t *longest_value(const struct report *report, const struct contention *contention)
{
    const struct thread *threads = report->world->threads;
    struct held_lock waits = {.lock = contention->lock, .context = contention->context};
    struct held_lock holds = {.lock = contention->lock, .context = contention->held_context};
    json_t *value = json_object();
    json_put(value, "nanoseconds", json_number(contention->longest));
    json_put(value, "thread", thread_value(&threads[contention->thread.index]));
    json_put(value, "wants", side_value(report, &waits));
    json_put(value, "holder", contention->holder.index == 0 ? json_null() : thread_value(&threads[contention->holder.index]));
    json_put(value, "holds", contention->held_context.index == 0 ? json_null() : side_value(report, &holds));
    return value;
}

static json_t *class_value(const struct report *report, const struct lock_node *node)
{
    json_t *value = json_object();
    json_put(value, "class", json_text(node->name));
    json_put(value, "kind", json_string(node->kind));
    json_put(value, "module", json_text(node->module));
    json_put(value, "locks", json_number(node->locks));
    json_put(value, "nested", json_number(node->nested));
    json_put(value, "waits", json_number(node->waits));
    json_put(value, "waited_nanoseconds", json_number(node->waited));
    json_put(value, "longest", node->longest == NULL ? json_null() : longest_value(report, node->longest));
    return value;
}

static json_t *statistics_value(const struct report *report)
{
    struct lock_graph graph;
    lock_graph_open(&graph, report);
    json_t *classes = json_array();
    for (uint32_t i = 0; i < graph.node_count; i++)
        json_add(classes, class_value(report, &graph.nodes[i]));
    lock_graph_close(&graph);
    return classes;
}

static json_t *report_value(const struct report *report)
{
    struct coverage coverage = coverage_count(report);
    json_t *value = json_object();
    json_put(value, "schema_version", json_integer(SCHEMA_VERSION));
    json_put(value, "program", program_value(report->world));
    json_put(value, "build_id", build_id_value(report->world, coverage_first_process(report->world)));
    json_put(value, "revision", report->revision == NULL ? json_null() : json_text(report->revision));
    json_put(value, "traces", traces_value(report->world));
    json_put(value, "limits", limits_value(&coverage));
    json_put(value, "summary", summary_value(report));
    json_put(value, "statuses", statuses_value(report->findings));
    json_put(value, "remarks", remarks_value(report->remarks));
    json_put(value, "findings", findings_value(report));
    json_put(value, "coverage", coverage_value(report, &coverage));
    if (report->statistics)
        json_put(value, "statistics", statistics_value(report));
    return value;
}

int report_write_json(const struct report *report, FILE *stream, struct error *error)
{
    return json_write(report_value(report), JSON_INDENT(2), stream, "the JSON report", error);
}
