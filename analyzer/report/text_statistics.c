/* How contended the locks were, by class: a table, the class that was waited for longest first; then where the longest waits
 * were, and who had the lock meanwhile. */
#include <inttypes.h>
#include <stdlib.h>

#include "allocate.h"
#include "lock_graph.h"
#include "text.h"

enum { MOST_ROWS = 20, MOST_STACKS = 3 };

static const uint64_t MICROSECOND = 1000, MILLISECOND = 1000000, SECOND = 1000000000;

/* "1.25 s", "40 us". The caller frees. */
static char *duration_text(uint64_t nanoseconds)
{
    if (nanoseconds >= SECOND)
        return allocate_text("%.2f s", (double)nanoseconds / (double)SECOND);
    if (nanoseconds >= MILLISECOND)
        return allocate_text("%.1f ms", (double)nanoseconds / (double)MILLISECOND);
    return allocate_text("%" PRIu64 " us", (nanoseconds + MICROSECOND / 2) / MICROSECOND);
}

static int compare_nodes(const void *left, const void *right)
{
    const struct lock_node *a = *(const struct lock_node *const *)left, *b = *(const struct lock_node *const *)right;
    if (a->waited != b->waited)
        return a->waited < b->waited ? 1 : -1;
    if (a->nested != b->nested)
        return a->nested < b->nested ? 1 : -1;
    return (a > b) - (a < b);
}

/* The caller frees the array. */
static const struct lock_node **sort_nodes(const struct lock_graph *graph)
{
    const struct lock_node **nodes = allocate_zeroed(graph->node_count, sizeof *nodes);
    for (uint32_t i = 0; i < graph->node_count; i++)
        nodes[i] = &graph->nodes[i];
    qsort(nodes, graph->node_count, sizeof *nodes, compare_nodes);
    return nodes;
}

static void write_row(const struct text_writer *writer, const struct lock_node *node)
{
    char *waited = node->waits == 0 ? allocate_copy("-") : duration_text(node->waited);
    char *longest = node->longest == NULL ? allocate_copy("-") : duration_text(node->longest->longest);
    fprintf(writer->stream, "   %9" PRIu64 " %10s %10s %10" PRIu64 " %7" PRIu32 "  ", node->waits, waited, longest, node->nested,
            node->locks);
    text_print(writer, "%s (%s%s%s)", node->name, node->kind, node->module[0] == '\0' ? "" : ", ", node->module);
    text_end_line(writer);
    free(waited);
    free(longest);
}

static void write_longest(const struct text_writer *writer, const struct lock_node *node)
{
    const struct contention *contention = node->longest;
    text_end_line(writer);
    const struct world *world = writer->report->world;
    char *waiter = text_thread_label(&world->threads[contention->thread.index]);
    char *duration = duration_text(contention->longest);
    text_print(writer, "   %s waited %s for %s here:", waiter, duration,
               lock_names_name(writer->report->lock_names, contention->lock));
    text_end_line(writer);
    text_write_stack(writer, contention->context);
    if (contention->held_context.index != 0) {
        char *holder = text_thread_label(&world->threads[contention->holder.index]);
        text_print(writer, "   and %s had locked it here:", contention->holder.index == 0 ? "another thread" : holder);
        text_end_line(writer);
        text_write_stack(writer, contention->held_context);
        free(holder);
    }
    free(duration);
    free(waiter);
}

void text_write_statistics(const struct text_writer *writer)
{
    struct lock_graph graph;
    if (!writer->report->statistics)
        return;
    lock_graph_open(&graph, writer->report);
    const struct lock_node **nodes = sort_nodes(&graph);
    fprintf(writer->stream, "%swaits for locks, by class:%s\n", writer->report->findings->count == 0 ? "\n" : "",
            graph.node_count == 0 ? " none" : "");
    if (graph.node_count != 0)
        fprintf(writer->stream, "   %9s %10s %10s %10s %7s  %s\n", "waits", "in all", "longest", "nested", "locks", "class");
    for (uint32_t i = 0; i < graph.node_count && i < MOST_ROWS; i++)
        write_row(writer, nodes[i]);
    if (graph.node_count > MOST_ROWS)
        fprintf(writer->stream, "   and %" PRIu32 " more classes: the JSON report has them\n", graph.node_count - MOST_ROWS);
    for (uint32_t i = 0; i < graph.node_count && i < MOST_STACKS && nodes[i]->longest != NULL; i++)
        write_longest(writer, nodes[i]);
    text_end_line(writer);
    free(nodes);
    lock_graph_close(&graph);
}
