/* Holds what was done against the order that the user declares in a file. To take a lock against it is a finding of kind `order`,
 * also where no circle exists yet; an order of which it says nothing is a remark. */
#ifndef LOCKORDER_ANALYZER_GATE_DECLARED_ORDER_H
#define LOCKORDER_ANALYZER_GATE_DECLARED_ORDER_H

#include "order_graph.h"
#include "report/report.h"
#include "verdict/fingerprint.h"

/* What was declared, and where. */
struct declared_orders {
    struct order_graph *graph;
    const char *path;
};

/* The subkind of these findings. */
#define DECLARED_ORDER_SUBKIND "declared order"

/* Adds the findings, without titles, at the end of the list. */
void declared_order_apply(const struct declared_orders *declared, const struct report *report,
                          const struct fingerprint_names *names, struct findings *findings, struct remarks *remarks);

#endif
