#include "report.h"

void report_open(struct report *report, const struct world *world, const struct findings *findings, struct symbolizer *symbolizer)
{
    *report = (struct report){.world = world,
                              .findings = findings,
                              .symbolizer = symbolizer,
                              .lock_names = lock_names_new(world, findings, symbolizer)};
}

void report_close(struct report *report)
{
    lock_names_free(report->lock_names);
    *report = (struct report){0};
}
