/* The stages, in order: traces → world → findings → symbols → report. Nothing but this file knows them all. */
#ifndef LOCKORDER_ANALYZER_CLI_ANALYSIS_H
#define LOCKORDER_ANALYZER_CLI_ANALYSIS_H

#include "error.h"
#include "finding.h"
#include "gate/declared_order.h"
#include "output_file.h"
#include "report/report.h"
#include "trace_folder.h"

struct analysis {
    struct world *world;
    struct symbolizer *symbolizer;
    struct findings *findings;
    struct report report;
    size_t unreadable; /* traces that could not be loaded; each has been told */
};

/* Loads the traces and judges them. A trace that cannot be read is told on stderr and counted; the others are judged. */
void analysis_open(struct analysis *analysis, const struct trace_list *traces, uint64_t max_cycles);

/* Loads one trace of a program that still runs, and finds nothing but the deadlocks that have happened, without the first `told`.
 * Returns -1 with the error set, and nothing to close, when the trace cannot be read. */
int analysis_open_live(struct analysis *analysis, const char *path, uint32_t told, struct error *error);

/* Loads the traces of processes that still run, and finds nothing but the deadlocks between them. */
void analysis_open_between(struct analysis *analysis, const struct trace_list *traces);

void analysis_close(struct analysis *analysis);

/* Adds what was done against the user's order to the findings, and what that says nothing of to the remarks. */
void analysis_hold_against(struct analysis *analysis, const struct declared_orders *declared, struct remarks *remarks);

/* Writes the order in which locks were taken. */
void analysis_write_order(const struct analysis *analysis, FILE *stream);

#endif
