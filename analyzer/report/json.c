/* The JSON report: report.schema.json describes each field, and its rules for change. */
#include <inttypes.h>
#include <jansson.h>

#include "allocate.h"
#include "coverage.h"
#include "program_text.h"
#include "stack.h"

enum { SCHEMA_VERSION = 1 };

/* A text of the program as a JSON string, whatever its bytes. */
static json_t *text_value(const char *text)
{
    char *utf8 = program_text_to_utf8(text);
    json_t *value = allocate_checked(json_string(utf8));
    free(utf8);
    return value;
}

static json_t *number_value(uint64_t number)
{
    return json_integer(number > INT64_MAX ? INT64_MAX : (json_int_t)number);
}

static json_t *address_value(uint64_t address)
{
    return json_sprintf("0x%" PRIx64, address);
}

static void set(json_t *object, const char *key, json_t *value)
{
    if (json_object_set_new(object, key, value) != 0)
        allocate_failed();
}

static void append(json_t *array, json_t *value)
{
    if (json_array_append_new(array, value) != 0)
        allocate_failed();
}

static json_t *frame_value(const struct stack_line *line)
{
    json_t *frame = json_object();
    set(frame, "function", text_value(line->function));
    set(frame, "file", text_value(line->file));
    set(frame, "line", number_value(line->line));
    set(frame, "module", text_value(line->module));
    set(frame, "offset", address_value(line->offset));
    set(frame, "inlined", json_boolean(line->inlined));
    return frame;
}

static json_t *lock_value(const struct report *report, struct lock_id id)
{
    const struct lock *lock = &report->world->locks[id.index];
    json_t *value = json_object();
    set(value, "id", number_value(lock->number));
    set(value, "kind", json_string(lock_kind_name(lock->kind)));
    set(value, "name", text_value(lock_names_name(report->lock_names, id)));
    set(value, "class", text_value(lock_names_class(report->lock_names, id)));
    set(value, "address", address_value(lock->address));
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
        append(frames, frame_value(&stack.lines[i]));
    json_t *side = json_object();
    set(side, "lock", from->lock.index == 0 ? json_null() : lock_value(report, from->lock));
    set(side, "mode", json_string(mode_name(from->mode)));
    set(side, "stack", frames);
    set(side, "stack_cut", json_boolean(stack.cut));
    set(side, "place", number_value(stack.place));
    stack_close(&stack);
    return side;
}

static json_t *thread_value(const struct thread *thread)
{
    json_t *value = json_object();
    set(value, "id", number_value(thread->number));
    set(value, "name", text_value(thread->name));
    set(value, "tid", number_value(thread->kernel_id));
    set(value, "main", json_boolean((thread->flags & TRACE_THREAD_MAIN) != 0));
    return value;
}

static json_t *build_id_value(const struct world *world, struct process_id process)
{
    char *build_id = coverage_build_id(world, process);
    json_t *value = build_id == NULL ? json_null() : text_value(build_id);
    free(build_id);
    return value;
}

static json_t *process_value(const struct world *world, struct process_id id)
{
    const struct process *process = &world->processes[id.index];
    json_t *value = json_object();
    set(value, "pid", number_value(process->kernel_id));
    set(value, "executable", text_value(process->executable == NULL ? "" : process->executable));
    set(value, "build_id", build_id_value(world, id));
    return value;
}

static json_t *step_value(const struct report *report, const struct finding_step *step)
{
    const struct thread *threads = report->world->threads;
    json_t *value = json_object();
    set(value, "thread", thread_value(&threads[step->thread.index]));
    set(value, "process", process_value(report->world, threads[step->thread.index].process));
    set(value, "count", number_value(step->count));
    set(value, "holds", side_value(report, &step->holds));
    set(value, "wants", side_value(report, &step->wants));
    set(value, "other_thread", step->other_thread.index == 0 ? json_null() : thread_value(&threads[step->other_thread.index]));
    set(value, "timed", json_boolean((step->flags & TRACE_DEPENDENCY_TIMED) != 0));
    set(value, "condition", json_boolean((step->flags & TRACE_DEPENDENCY_CONDITION) != 0));
    return value;
}

static json_t *process_of(const struct report *report, const struct finding *finding)
{
    return process_value(report->world, finding_process(report->world, finding));
}

static json_t *finding_value(const struct report *report, const struct finding *finding)
{
    json_t *steps = json_array();
    for (uint32_t i = 0; i < finding->step_count; i++)
        append(steps, step_value(report, &finding->steps[i]));
    json_t *value = json_object();
    set(value, "kind", json_string(finding_kind_name(finding->kind)));
    set(value, "subkind", text_value(finding->subkind));
    set(value, "certainty", json_string(finding_certainty_name(finding->certainty)));
    set(value, "fingerprint", text_value(finding->fingerprint));
    set(value, "title", text_value(finding->title == NULL ? "" : finding->title));
    set(value, "process", process_of(report, finding));
    set(value, "occurrences", number_value(finding->occurrences));
    set(value, "needs_timeout_to_end", json_boolean(finding->needs_timeout_to_end));
    set(value, "needs_writer", json_boolean(finding->needs_writer));
    set(value, "advisory", json_boolean(finding->advisory));
    set(value, "across_runs", json_boolean(finding->across_runs));
    set(value, "mine", json_boolean(!finding->is_elsewhere));
    set(value, "status", json_string(finding_status_name(finding->status)));
    set(value, "status_reason", finding->status_reason == NULL ? json_null() : text_value(finding->status_reason));
    set(value, "steps", steps);
    set(value, "suggestion", finding->suggestion == NULL ? json_null() : text_value(finding->suggestion));
    return value;
}

static json_t *findings_value(const struct report *report)
{
    json_t *findings = json_array();
    for (uint32_t i = 0; i < report->findings->count; i++)
        append(findings, finding_value(report, &report->findings->items[i]));
    return findings;
}

static json_t *summary_value(const struct report *report)
{
    uint64_t counts[FINDING_KIND_COUNT] = {0};
    for (uint32_t i = 0; i < report->findings->count; i++)
        counts[report->findings->items[i].kind]++;
    json_t *summary = json_object();
    for (int kind = 0; kind < FINDING_KIND_COUNT; kind++)
        set(summary, finding_kind_name((enum finding_kind)kind), number_value(counts[kind]));
    return summary;
}

static json_t *statuses_value(const struct findings *findings)
{
    json_t *statuses = json_object();
    for (int status = 0; status < FINDING_STATUS_COUNT; status++)
        set(statuses, finding_status_name((enum finding_status)status),
            number_value(findings_count_of(findings, (enum finding_status)status)));
    return statuses;
}

static json_t *remarks_value(const struct remarks *remarks)
{
    json_t *list = json_array();
    for (uint32_t i = 0; remarks != NULL && i < remarks->count; i++) {
        json_t *remark = json_object();
        set(remark, "kind", json_string(remark_kind_name(remarks->items[i].kind)));
        set(remark, "text", text_value(remarks->items[i].text));
        append(list, remark);
    }
    return list;
}

static json_t *program_value(const struct world *world)
{
    const struct process *process = &world->processes[coverage_first_process(world).index];
    json_t *arguments = json_array();
    for (uint32_t i = 0; i < process->argument_count; i++)
        append(arguments, text_value(process->arguments[i]));
    return arguments;
}

static json_t *traces_value(const struct world *world)
{
    json_t *traces = json_array();
    for (uint32_t i = 1; i < world->process_count; i++)
        append(traces, text_value(world->processes[i].trace_path));
    return traces;
}

static json_t *limits_value(const struct coverage *coverage)
{
    json_t *values = json_array();
    for (uint32_t limit = 0; limit < COVERAGE_LIMIT_COUNT; limit++) {
        if (coverage->limits[limit] == 0)
            continue;
        json_t *value = json_object();
        set(value, "limit", json_string(coverage_limit_name(limit)));
        set(value, "count", number_value(coverage->limits[limit]));
        set(value, "text", json_string(coverage_limit_text(limit)));
        append(values, value);
    }
    return values;
}

/* The processes for which `is_listed` holds. */
static json_t *process_list(const struct world *world, coverage_predicate *is_listed)
{
    json_t *list = json_array();
    for (uint32_t i = 1; i < world->process_count; i++) {
        if (is_listed(world, (struct process_id){i}))
            append(list, process_value(world, (struct process_id){i}));
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
        set(value, "module", text_value(report->world->modules[modules[i].module.index].path));
        set(value, "reason", json_string(coverage_quality_text(modules[i].quality)));
        append(values, value);
    }
    free(modules);
    return values;
}

static json_t *coverage_value(const struct report *report, const struct coverage *coverage)
{
    json_t *value = json_object();
    set(value, "processes", number_value(coverage->processes));
    set(value, "images", number_value(coverage->images));
    set(value, "threads", number_value(coverage->threads));
    set(value, "locks", number_value(coverage->locks));
    set(value, "acquisitions", number_value(coverage->acquisitions));
    set(value, "unobserved_processes", process_list(report->world, coverage_is_unobserved));
    set(value, "unfinished_processes", process_list(report->world, coverage_is_unfinished));
    set(value, "stopped_processes", process_list(report->world, coverage_is_stopped));
    set(value, "truncated_processes", process_list(report->world, coverage_is_truncated));
    set(value, "modules_without_lines", modules_value(report));
    return value;
}

static json_t *report_value(const struct report *report)
{
    struct coverage coverage = coverage_count(report);
    json_t *value = json_object();
    set(value, "schema_version", json_integer(SCHEMA_VERSION));
    set(value, "program", program_value(report->world));
    set(value, "build_id", build_id_value(report->world, coverage_first_process(report->world)));
    set(value, "revision", report->revision == NULL ? json_null() : text_value(report->revision));
    set(value, "traces", traces_value(report->world));
    set(value, "limits", limits_value(&coverage));
    set(value, "summary", summary_value(report));
    set(value, "statuses", statuses_value(report->findings));
    set(value, "remarks", remarks_value(report->remarks));
    set(value, "findings", findings_value(report));
    set(value, "coverage", coverage_value(report, &coverage));
    return value;
}

int report_write_json(const struct report *report, FILE *stream, struct error *error)
{
    json_t *value = report_value(report);
    int result = json_dumpf(value, stream, JSON_INDENT(2));
    json_decref(value);
    if (result != 0 || fputc('\n', stream) == EOF || ferror(stream))
        return error_set(error, "the JSON report cannot be written");
    return 0;
}
