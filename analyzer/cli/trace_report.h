/* What `report` and `check` have in common: traces are judged, the user's files applied, the reports written. */
#ifndef LOCKORDER_ANALYZER_CLI_TRACE_REPORT_H
#define LOCKORDER_ANALYZER_CLI_TRACE_REPORT_H

#include "report_options.h"
#include "trace_folder.h"

struct trace_report {
    const struct report_options *options;
    char *const *traces; /* files and folders */
    int trace_count;
    bool is_gate; /* its last line says whether the gate is passed */
};

/* Returns the exit status. Every error has been printed. */
int trace_report_run(const struct trace_report *request);

/* The traces at these paths. Paths at which there is nothing are told; returns how many those are. */
size_t trace_report_list(char *const *paths, int count, struct trace_list *list);

#endif
