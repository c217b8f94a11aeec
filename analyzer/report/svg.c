/* The lock-order graph as a picture, laid out by graphviz's library. */
#include <graphviz/gvc.h>
#include <stdlib.h>

#include "memory_stream.h"
#include "report.h"

/* "dot" draws orders as layers, which reads best, and takes minutes for a thousand nodes; "sfdp" is made for large graphs. */
enum { MOST_NODES_IN_LAYERS = 300 };

static char *dot_text(const struct report *report, struct error *error)
{
    struct memory_stream memory;
    memory_stream_open(&memory);
    int result = report_write_dot(report, memory.stream, error);
    char *text = memory_stream_close(&memory);
    if (result == 0)
        return text;
    free(text);
    return NULL;
}

static int render(GVC_t *context, graph_t *graph, FILE *stream, struct error *error)
{
    bool is_large = agnnodes(graph) > MOST_NODES_IN_LAYERS;
    if (is_large) {
        agattr(graph, AGRAPH, "overlap", "prism");
        agattr(graph, AGRAPH, "outputorder", "edgesfirst");
    }
    if (gvLayout(context, graph, is_large ? "sfdp" : "dot") != 0)
        return error_set(error, "graphviz cannot lay the graph out; --dot writes it as text");
    int result = gvRender(context, graph, "svg", stream);
    gvFreeLayout(context, graph);
    return result == 0 && !ferror(stream) ? 0 : error_set(error, "the picture cannot be written");
}

int report_write_svg(const struct report *report, FILE *stream, struct error *error)
{
    char *text = dot_text(report, error);
    if (text == NULL)
        return -1;
    graph_t *graph = agmemread(text);
    GVC_t *context = gvContext();
    free(text);
    int result = graph != NULL && context != NULL ? render(context, graph, stream, error)
                                                  : error_set(error, "graphviz cannot read the graph; --dot writes it as text");
    if (graph != NULL)
        agclose(graph);
    if (context != NULL)
        gvFreeContext(context);
    return result;
}
