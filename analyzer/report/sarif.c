/* SARIF 2.1.0, the OASIS format in which code hosts and editors take findings: a rule for each kind, a result for each finding.
 * Its code flow has a thread flow for each thread, so that a viewer shows both sides. Numbers like 3.11.5 are sections of it. */
#include <inttypes.h>

#include "allocate.h"
#include "coverage.h"
#include "json_value.h"
#include "memory_stream.h"
#include "place.h"
#include "severity.h"
#include "source_path.h"
#include "stack.h"

/* The name under which relative URIs find the current folder (3.14.14). */
#define URI_BASE "SOURCES"

static const struct {
    const char *name, *summary, *description;
} rules[FINDING_KIND_COUNT] = {
    [FINDING_DEADLOCK] = {"DeadlockHappened", "Threads were blocked on each other for ever.",
                          "Each of these threads holds what the next one waits for. This happened in the run."},
    [FINDING_CYCLE] = {"LockCycle", "Threads take locks in a circular order: they can deadlock.",
                       "Threads that can run at the same time took the same locks in a circular order, and no further lock keeps "
                       "them apart. The run did not hang; another one can."},
    [FINDING_ORDER] = {"ClassOrder", "Locks that play the same role are taken in no consistent order: threads can deadlock.",
                       "The order of two locks depends on data, as in transfer(from, to). With other data, two threads take the "
                       "same two locks in opposite orders."},
    [FINDING_HAZARD] = {"LockHazard", "Code that is known to lock up, though no circular order was seen.",
                        "A wait, a join, a fork, a barrier or a signal handler meets a lock that it should not."},
    [FINDING_MISUSE] = {"LockMisuse", "The contract of the lock's functions is broken.",
                        "What happens then is undefined, or an error that was not looked at."},
};

/* In a message, "{0}" is a placeholder and braces are doubled (3.11.5), and "[text](target)" is a link, wherever the target leads
 * (3.11.6): names of the program are neither. */
static char *message_literal(const char *text)
{
    struct memory_stream result;
    memory_stream_open(&result);
    for (; *text != '\0'; text++) {
        fputc(*text, result.stream);
        if (*text == '{' || *text == '}')
            fputc(*text, result.stream);
        else if (text[0] == ']' && text[1] == '(')
            fputc(' ', result.stream);
    }
    return memory_stream_close(&result);
}

static json_t *message_value(const char *text)
{
    char *plain = message_literal(text);
    json_t *message = json_object();
    json_put(message, "text", json_printable(plain));
    free(plain);
    return message;
}

/* --- Places --- */

/* Of a source, or of the file of code where no source is known. */
static json_t *artifact_value(const char *path)
{
    const char *relative = source_path_relative(path);
    char *encoded = source_path_encode(relative != NULL ? relative : path);
    json_t *artifact = json_object();
    json_put(artifact, "uri", relative != NULL ? json_string(encoded) : json_sprintf("file://%s", encoded));
    if (relative != NULL)
        json_put(artifact, "uriBaseId", json_string(URI_BASE));
    free(encoded);
    return artifact;
}

static json_t *physical_location_value(const struct stack_line *line)
{
    json_t *physical = json_object(), *region = json_object();
    json_put(physical, "artifactLocation", artifact_value(line->file[0] != '\0' ? line->file : line->module));
    json_put(region, "startLine", json_number(line->line));
    if (line->file[0] != '\0' && line->line != 0)
        json_put(physical, "region", region);
    else
        json_decref(region);
    return physical;
}

static json_t *logical_locations_value(const struct stack_line *line)
{
    json_t *logical = json_object(), *list = json_array();
    if (line->function[0] != '\0') {
        json_put(logical, "fullyQualifiedName", json_printable(line->function));
        json_put(logical, "kind", json_string("function"));
    } else {
        json_put(logical, "fullyQualifiedName", json_sprintf("%s0x%" PRIx64, line->module[0] == '\0' ? "" : "+", line->offset));
    }
    json_add(list, logical);
    return list;
}

/* `message` may be NULL. */
static json_t *location_value(const struct stack_line *line, const char *message)
{
    json_t *location = json_object();
    if (line != NULL && (line->file[0] != '\0' || line->module[0] != '\0'))
        json_put(location, "physicalLocation", physical_location_value(line));
    if (line != NULL)
        json_put(location, "logicalLocations", logical_locations_value(line));
    if (message != NULL)
        json_put(location, "message", message_value(message));
    return location;
}

static json_t *location_of_place(const struct report *report, const struct place *place)
{
    struct stack stack;
    stack_open(&stack, report->world, report->symbolizer, place->context);
    json_t *location = location_value(stack.count == 0 ? NULL : &stack.lines[stack.place], place->text);
    stack_close(&stack);
    return location;
}

static json_t *stack_value(const struct report *report, const struct place *place)
{
    struct stack stack;
    json_t *value = json_object(), *frames = json_array();
    stack_open(&stack, report->world, report->symbolizer, place->context);
    for (uint32_t i = 0; i < stack.count; i++) {
        json_t *frame = json_object();
        json_put(frame, "location", location_value(&stack.lines[i], NULL));
        if (stack.lines[i].module[0] != '\0')
            json_put(frame, "module", json_printable(stack_base_name(stack.lines[i].module)));
        json_add(frames, frame);
    }
    stack_close(&stack);
    json_put(value, "message", message_value(place->text));
    json_put(value, "frames", frames);
    return value;
}

/* --- One finding --- */

/* The thread's places, one after the other; their stacks are the nested calls that led there. */
static json_t *thread_flow_value(const struct report *report, const struct places *places, uint32_t thread)
{
    json_t *flow = json_object(), *locations = json_array();
    for (uint32_t i = 0; i < places->count; i++) {
        if (places->items[i].thread != thread)
            continue;
        json_t *location = json_object();
        json_put(location, "location", location_of_place(report, &places->items[i]));
        json_put(location, "stack", stack_value(report, &places->items[i]));
        json_put(location, "importance", json_string("essential"));
        json_add(locations, location);
    }
    json_put(flow, "id", json_sprintf("thread %u", thread + 1));
    json_put(flow, "locations", locations);
    return flow;
}

static json_t *code_flows_value(const struct report *report, const struct finding *finding, const struct places *places)
{
    json_t *threads = json_array(), *flow = json_object(), *flows = json_array();
    for (uint32_t thread = 0; thread < places->thread_count; thread++) {
        json_t *value = thread_flow_value(report, places, thread);
        if (json_array_size(json_object_get(value, "locations")) != 0)
            json_add(threads, value);
        else
            json_decref(value);
    }
    json_put(flow, "message", message_value(finding->title == NULL ? "" : finding->title));
    json_put(flow, "threadFlows", threads);
    json_add(flows, flow);
    return flows;
}

static json_t *related_value(const struct report *report, const struct places *places)
{
    json_t *related = json_array();
    for (uint32_t i = 0; i < places->count; i++) {
        if (i == places->primary)
            continue;
        json_t *location = location_of_place(report, &places->items[i]);
        json_put(location, "id", json_number(json_array_size(related) + 1));
        json_add(related, location);
    }
    return related;
}

/* Empty where the user has said nothing: said of every result or of none (3.27.23). */
static json_t *suppressions_value(const struct finding *finding)
{
    json_t *list = json_array();
    if (finding->status == FINDING_NEW)
        return list;
    json_t *suppression = json_object();
    json_put(suppression, "kind", json_string("external"));
    json_put(suppression, "status", json_string("accepted"));
    const char *unexplained = finding->status == FINDING_BASELINED ? "named in the baseline" : "matched by a suppression";
    json_put(suppression, "justification", json_printable(finding->status_reason != NULL ? finding->status_reason : unexplained));
    json_add(list, suppression);
    return list;
}

static json_t *properties_value(const struct finding *finding)
{
    json_t *properties = json_object();
    json_put(properties, "subkind", json_printable(finding->subkind));
    json_put(properties, "certainty", json_string(finding_certainty_name(finding->certainty)));
    json_put(properties, "advisory", json_boolean(finding->advisory));
    json_put(properties, "occurrences", json_number(finding->occurrences));
    return properties;
}

static char *message_text(const struct finding *finding)
{
    const char *title = finding->title == NULL ? "" : finding->title;
    if (finding->suggestion == NULL)
        return allocate_text("%s.", title);
    return allocate_text("%s. Suggestion: %s.", title, finding->suggestion);
}

static json_t *result_value(const struct report *report, const struct finding *finding)
{
    struct places places;
    places_open(&places, report, finding);
    json_t *result = json_object(), *fingerprints = json_object(), *locations = json_array();
    char *text = message_text(finding);
    json_put(result, "ruleId", json_string(finding_kind_name(finding->kind)));
    json_put(result, "ruleIndex", json_number(finding->kind));
    json_put(result, "level", json_string(severity_of_new(finding) == SEVERITY_ERROR ? "error" : "warning"));
    json_put(result, "message", message_value(text));
    if (places.count != 0)
        json_add(locations, location_of_place(report, &places.items[places.primary]));
    json_put(result, "locations", locations);
    json_put(result, "relatedLocations", related_value(report, &places));
    if (places.count != 0)
        json_put(result, "codeFlows", code_flows_value(report, finding, &places));
    json_put(fingerprints, "lockorder/v1", json_printable(finding->fingerprint));
    json_put(result, "partialFingerprints", fingerprints);
    json_put(result, "suppressions", suppressions_value(finding));
    json_put(result, "properties", properties_value(finding));
    free(text);
    places_close(&places);
    return result;
}

/* --- The run --- */

static json_t *rule_value(enum finding_kind kind)
{
    json_t *rule = json_object(), *configuration = json_object();
    json_put(rule, "id", json_string(finding_kind_name(kind)));
    json_put(rule, "name", json_string(rules[kind].name));
    json_put(rule, "shortDescription", message_value(rules[kind].summary));
    json_put(rule, "fullDescription", message_value(rules[kind].description));
    json_put(configuration, "level", json_string(finding_fails_by_default(kind) ? "error" : "warning"));
    json_put(rule, "defaultConfiguration", configuration);
    return rule;
}

static json_t *tool_value(void)
{
    json_t *tool = json_object(), *driver = json_object(), *list = json_array();
    for (int kind = 0; kind < FINDING_KIND_COUNT; kind++)
        json_add(list, rule_value((enum finding_kind)kind));
    json_put(driver, "name", json_string("lockorder"));
    json_put(driver, "version", json_string(LOCKORDER_VERSION));
    json_put(driver, "semanticVersion", json_string(LOCKORDER_VERSION));
    json_put(driver, "rules", list);
    json_put(tool, "driver", driver);
    return tool;
}

/* What was cut: a result that is missing for that reason must not pass for none (3.20.21). */
static json_t *notifications_value(const struct report *report)
{
    struct coverage coverage = coverage_count(report);
    json_t *list = json_array();
    for (uint32_t limit = 0; limit < COVERAGE_LIMIT_COUNT; limit++) {
        if (coverage.limits[limit] == 0)
            continue;
        json_t *notification = json_object(), *properties = json_object();
        char *text = allocate_text("cut: %s (%" PRIu64 ")", coverage_limit_text(limit), coverage.limits[limit]);
        json_put(properties, "limit", json_string(coverage_limit_name(limit)));
        json_put(notification, "level", json_string("warning"));
        json_put(notification, "message", message_value(text));
        json_put(notification, "properties", properties);
        json_add(list, notification);
        free(text);
    }
    return list;
}

static json_t *invocations_value(const struct report *report, const char *base)
{
    json_t *invocation = json_object(), *list = json_array();
    json_put(invocation, "executionSuccessful", json_true());
    json_put(invocation, "toolExecutionNotifications", notifications_value(report));
    if (base != NULL) {
        json_t *folder = json_object();
        json_put(folder, "uri", json_string(base));
        json_put(invocation, "workingDirectory", folder);
    }
    json_add(list, invocation);
    return list;
}

/* Which sources and which build the results are of. */
static json_t *run_properties(const struct report *report)
{
    json_t *properties = json_object();
    char *build_id = coverage_build_id(report->world, coverage_first_process(report->world));
    if (build_id != NULL)
        json_put(properties, "buildId", json_text(build_id));
    if (report->revision != NULL)
        json_put(properties, "revision", json_text(report->revision));
    free(build_id);
    return properties;
}

static json_t *run_value(const struct report *report)
{
    json_t *run = json_object(), *results = json_array(), *bases = json_object(), *folder = json_object();
    char *base = source_path_base();
    for (uint32_t i = 0; i < report->findings->count; i++)
        json_add(results, result_value(report, &report->findings->items[i]));
    if (base != NULL)
        json_put(folder, "uri", json_string(base));
    json_put(bases, URI_BASE, folder);
    json_put(run, "tool", tool_value());
    json_put(run, "invocations", invocations_value(report, base));
    json_put(run, "originalUriBaseIds", bases);
    json_put(run, "columnKind", json_string("unicodeCodePoints"));
    json_put(run, "results", results);
    json_put(run, "properties", run_properties(report));
    free(base);
    return run;
}

int report_write_sarif(const struct report *report, FILE *stream, struct error *error)
{
    json_t *log = json_object(), *runs = json_array();
    json_add(runs, run_value(report));
    json_put(log, "$schema", json_string("https://json.schemastore.org/sarif-2.1.0.json"));
    json_put(log, "version", json_string("2.1.0"));
    json_put(log, "runs", runs);
    return json_write(log, JSON_INDENT(2), stream, "the SARIF report", error);
}
