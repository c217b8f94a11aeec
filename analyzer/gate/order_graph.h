/* "A before B", as a graph of names without circles. */
#ifndef LOCKORDER_ANALYZER_GATE_ORDER_GRAPH_H
#define LOCKORDER_ANALYZER_GATE_ORDER_GRAPH_H

#include <stdbool.h>

struct order_graph *order_graph_new(void);
void order_graph_free(struct order_graph *graph);

/* Adds "before before after". False, and nothing added, where that would close a circle. A name before itself says only that
 * several of them may be held together. */
bool order_graph_add(struct order_graph *graph, const char *before, const char *after);

/* Whether it says so, over any number of steps. */
bool order_graph_says(struct order_graph *graph, const char *before, const char *after);

#endif
