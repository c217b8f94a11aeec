#include "html_data.h"

#include <inttypes.h>

#include "allocate.h"
#include "coverage.h"
#include "event_words.h"
#include "json_value.h"
#include "lock_graph.h"
#include "place.h"
#include "severity.h"
#include "source_lines.h"
#include "source_path.h"
#include "text.h"
#include "text_string.h"

/* Frees the text. */
static json_t *take(char *raw)
{
    json_t *value = json_printable(raw);
    free(raw);
    return value;
}

/* The same for one that is printable already, and has line ends of its own. */
static json_t *take_lines(char *lines)
{
    json_t *value = json_text(lines);
    free(lines);
    return value;
}

/* --- Findings --- */

/* [function, file, line, module+offset, whether inlined] */
static json_t *frame_value(const struct stack_line *line)
{
    json_t *frame = json_array();
    json_add(frame, json_printable(line->function));
    json_add(frame, json_printable(source_path_shown(line->file)));
    json_add(frame, json_number(line->line));
    json_add(frame, take(allocate_text("%s%s0x%" PRIx64, stack_base_name(line->module), line->module[0] == '\0' ? "" : "+",
                                       line->offset)));
    json_add(frame, json_boolean(line->inlined));
    return frame;
}

/* Where it happens is shown in the midst of its lines, a caller by its line alone. */
enum { LINES_AROUND_PLACE = 2, LINES_AROUND_CALLER = 0 };

static json_t *place_value(const struct report *report, const struct place *place, struct source_lines *sources)
{
    struct stack stack;
    json_t *value = json_object(), *frames = json_array();
    stack_open(&stack, report->world, report->symbolizer, place->context);
    for (uint32_t i = 0; i < stack.count; i++) {
        const struct stack_line *line = &stack.lines[i];
        json_add(frames, frame_value(line));
        source_lines_want(sources, line->file, line->line, i == stack.place ? LINES_AROUND_PLACE : LINES_AROUND_CALLER);
    }
    json_put(value, "thread", json_number(place->thread));
    json_put(value, "text", json_printable(place->text));
    json_put(value, "place", json_number(stack.place));
    json_put(value, "cut", json_boolean(stack.cut));
    json_put(value, "frames", frames);
    stack_close(&stack);
    return value;
}

static json_t *places_value(const struct report *report, const struct finding *finding, struct source_lines *sources)
{
    struct places places;
    json_t *list = json_array();
    places_open(&places, report, finding);
    for (uint32_t i = 0; i < places.count; i++)
        json_add(list, place_value(report, &places.items[i], sources));
    places_close(&places);
    return list;
}

/* A node of the drawn cycle: a lock; or a thread, where its end is what is waited for. */
static json_t *corner_value(const struct text_writer *writer, const struct finding *finding, struct lock_id lock,
                            struct thread_id thread)
{
    json_t *corner = json_array();
    if (lock.index == 0 && thread.index == 0) {
        json_decref(corner);
        return json_null();
    }
    json_add(corner,
             json_sprintf("%s%" PRIu32, lock.index != 0 ? "lock " : "thread ", lock.index != 0 ? lock.index : thread.index));
    json_add(corner, lock.index != 0 ? json_printable(lock_names_short(writer->report->lock_names, lock))
                                     : take(text_step_label(writer, finding, thread)));
    return corner;
}

/* What is drawn: each thread is an arrow from what it holds to what it waits for. Of a misuse or a hazard, nothing is. */
static json_t *arrows_value(const struct report *report, const struct finding *finding)
{
    struct text_writer writer = {.report = report};
    json_t *arrows = json_array();
    for (uint32_t i = 0; i < finding->step_count && event_words_of(finding->event) == NULL; i++) {
        const struct finding_step *step = &finding->steps[i];
        json_t *arrow = json_object();
        json_put(arrow, "from", corner_value(&writer, finding, step->holds.lock, step->thread));
        json_put(arrow, "to", corner_value(&writer, finding, step->wants.lock, step->other_thread));
        json_put(arrow, "thread", take(text_step_label(&writer, finding, step->thread)));
        json_put(arrow, "count", json_number(step->count));
        json_add(arrows, arrow);
    }
    return arrows;
}

/* Why it fails nothing, as far as the user has said so. */
static json_t *known_value(const struct finding *finding)
{
    if (finding->status == FINDING_NEW)
        return json_null();
    const char *status = finding->status == FINDING_BASELINED ? "in the baseline" : "suppressed";
    if (finding->status_reason == NULL)
        return json_string(status);
    return take(allocate_text("%s: %s", status, finding->status_reason));
}

static void add_node(json_t *nodes, const struct lock_graph *graph, struct lock_id lock)
{
    uint32_t node = graph->node_of[lock.index];
    for (size_t i = 0; i < json_array_size(nodes); i++) {
        if ((json_int_t)node == json_integer_value(json_array_get(nodes, i)) + 1)
            return;
    }
    if (node != 0)
        json_add(nodes, json_number(node - 1));
}

/* Each once. */
static json_t *nodes_of_finding(const struct lock_graph *graph, const struct finding *finding)
{
    json_t *nodes = json_array();
    for (uint32_t i = 0; i < finding->step_count; i++) {
        add_node(nodes, graph, finding->steps[i].holds.lock);
        add_node(nodes, graph, finding->steps[i].wants.lock);
    }
    return nodes;
}

static json_t *finding_value(const struct report *report, uint32_t index, const struct lock_graph *graph,
                             struct source_lines *sources)
{
    const struct finding *finding = &report->findings->items[index];
    json_t *value = json_object();
    json_put(value, "kind", json_string(finding_kind_name(finding->kind)));
    json_put(value, "certainty", json_string(finding_certainty_name(finding->certainty)));
    json_put(value, "fingerprint", json_printable(finding->fingerprint));
    json_put(value, "title", json_printable(finding->title == NULL ? "" : finding->title));
    json_put(value, "suggestion", finding->suggestion == NULL ? json_null() : json_printable(finding->suggestion));
    json_put(value, "error", json_boolean(severity_of(finding) == SEVERITY_ERROR));
    json_put(value, "known", known_value(finding));
    json_put(value, "occurrences", json_number(finding->occurrences));
    json_put(value, "timed", json_boolean(finding->needs_timeout_to_end));
    json_put(value, "writer", json_boolean(finding->needs_writer));
    json_put(value, "nodes", nodes_of_finding(graph, finding));
    json_put(value, "arrows", arrows_value(report, finding));
    json_put(value, "places", places_value(report, finding, sources));
    json_put(value, "text", take_lines(text_string_finding(report, finding, index + 1, REPORT_FULL)));
    return value;
}

/* --- The graph --- */

/* [name, kind, module, locks, nested acquisitions, waits, nanoseconds waited, the longest of them] */
static json_t *node_value(const struct lock_node *node)
{
    json_t *value = json_array();
    json_add(value, json_printable(node->name));
    json_add(value, json_string(node->kind));
    json_add(value, json_printable(node->module));
    json_add(value, json_number(node->locks));
    json_add(value, json_number(node->nested));
    json_add(value, json_number(node->waits));
    json_add(value, json_number(node->waited));
    json_add(value, json_number(node->longest == NULL ? 0 : node->longest->longest));
    return value;
}

/* The places of edges, each once: many orders come from one line. */
struct place_table {
    json_t *texts;
    uint32_t *number_of; /* by context, from 1 */
};

static json_t *place_number(const struct report *report, struct place_table *table, struct context_id context)
{
    uint32_t *number = &table->number_of[context.index];
    if (*number == 0) {
        json_add(table->texts, take_lines(text_string_place(report, context)));
        *number = (uint32_t)json_array_size(table->texts);
    }
    return json_number(*number - 1);
}

/* [held node, wanted node, count, finding from 1, place where held, place where wanted] */
static json_t *edge_value(const struct report *report, const struct lock_edge *edge, struct place_table *places)
{
    json_t *value = json_array();
    json_add(value, json_number(edge->held));
    json_add(value, json_number(edge->wanted));
    json_add(value, json_number(edge->count));
    json_add(value, json_number(edge->finding));
    json_add(value, place_number(report, places, edge->held_at));
    json_add(value, place_number(report, places, edge->wanted_at));
    return value;
}

static void put_graph(json_t *data, const struct report *report, const struct lock_graph *graph)
{
    struct place_table places = {json_array(), allocate_zeroed(report->world->context_count, sizeof *places.number_of)};
    json_t *nodes = json_array(), *edges = json_array();
    for (uint32_t i = 0; i < graph->node_count; i++)
        json_add(nodes, node_value(&graph->nodes[i]));
    for (uint32_t i = 0; i < graph->edge_count; i++)
        json_add(edges, edge_value(report, &graph->edges[i], &places));
    json_put(data, "nodes", nodes);
    json_put(data, "edges", edges);
    json_put(data, "places", places.texts);
    free(places.number_of);
}

/* --- All --- */

json_t *html_data_value(const struct report *report)
{
    json_t *data = json_object(), *findings = json_array();
    struct source_lines *sources = source_lines_new();
    struct lock_graph graph;
    lock_graph_open(&graph, report);
    for (uint32_t i = 0; i < report->findings->count; i++)
        json_add(findings, finding_value(report, i, &graph, sources));
    json_put(data, "version", json_string(LOCKORDER_VERSION));
    json_put(data, "conclusion", take_lines(text_string_conclusion(report)));
    json_put(data, "coverage", take_lines(text_string_coverage(report)));
    json_put(data, "findings", findings);
    json_put(data, "sources", source_lines_value(sources));
    put_graph(data, report, &graph);
    lock_graph_close(&graph);
    source_lines_free(sources);
    return data;
}
