/* The lock-order graph in graphviz's language. An arrow leads from the lock that is held to the one that is wanted; what a
 * finding has is red. */
#include <inttypes.h>
#include <stdlib.h>

#include "lock_graph.h"
#include "program_text.h"

/* In a quoted string, '"' and '\' have a meaning, and '&' has one as in HTML. */
static void print_quoted(FILE *stream, const char *raw)
{
    char *text = program_text_printable(raw);
    for (const char *character = text; *character != '\0'; character++) {
        if (*character == '"' || *character == '\\')
            fputc('\\', stream);
        fputs(*character == '&' ? "&amp;" : (char[]){*character, '\0'}, stream);
    }
    free(text);
}

static void write_node(FILE *stream, const struct lock_node *node, uint32_t number)
{
    fprintf(stream, "  n%" PRIu32 " [label=\"", number);
    print_quoted(stream, node->name);
    fprintf(stream, "\\n%" PRIu32 " × %s", node->locks, node->kind);
    if (node->module[0] != '\0') {
        fputs(", ", stream);
        print_quoted(stream, node->module);
    }
    fprintf(stream, "\"%s];\n", node->finding != 0 ? ", color=\"#c62828\", penwidth=2" : "");
}

static void write_edge(FILE *stream, const struct lock_edge *edge)
{
    fprintf(stream, "  n%" PRIu32 " -> n%" PRIu32 " [label=\"%" PRIu64 "\"", edge->held, edge->wanted, edge->count);
    if (edge->finding != 0)
        fprintf(stream, ", color=\"#c62828\", fontcolor=\"#c62828\", penwidth=2, tooltip=\"finding %" PRIu32 "\"", edge->finding);
    fputs("];\n", stream);
}

int report_write_dot(const struct report *report, FILE *stream, struct error *error)
{
    struct lock_graph graph;
    lock_graph_open(&graph, report);
    fputs(
        "digraph \"lock order\" {\n"
        "  charset=\"UTF-8\";\n"
        "  node [shape=box, style=rounded, fontname=\"Helvetica,Arial,sans-serif\", fontsize=11];\n"
        "  edge [fontname=\"Helvetica,Arial,sans-serif\", fontsize=10];\n",
        stream);
    for (uint32_t i = 0; i < graph.node_count; i++) {
        if (graph.nodes[i].is_ordered)
            write_node(stream, &graph.nodes[i], i);
    }
    for (uint32_t i = 0; i < graph.edge_count; i++)
        write_edge(stream, &graph.edges[i]);
    fputs("}\n", stream);
    lock_graph_close(&graph);
    return ferror(stream) ? error_set(error, "the graph cannot be written") : 0;
}
