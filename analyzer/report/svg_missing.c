/* In place of svg.c, where graphviz was not there when lockorder was built. */
#include "report.h"

int report_write_svg(const struct report *report, FILE *stream, struct error *error)
{
    (void)report, (void)stream;
    return error_set(error,
                     "this lockorder was built without graphviz (Debian: libgraphviz-dev); --dot writes text for its "
                     "command dot, and --html needs neither");
}
