/* Reports on a program that still runs, to stderr: on one trace, as far as it is complete. */
#ifndef LOCKORDER_ANALYZER_CLI_LIVE_REPORT_H
#define LOCKORDER_ANALYZER_CLI_LIVE_REPORT_H

#include <stdbool.h>
#include <stdint.h>

#include "error.h"
#include "trace_folder.h"

/* Tells the deadlocks in the trace but for the first `told`, if there are more. Returns how many there are, or -1 with the error
 * set when the trace cannot be read. */
int live_report_deadlocks(const char *path, uint32_t told, struct error *error);

/* Tells one deadlock, in short: the number-th, or with 0 the last. Returns -1 with the error set when the trace cannot be read.
 */
int live_report_deadlock(const char *path, uint32_t number, struct error *error);

/* Tells a deadlock between the processes of which these are the traces, if there is one; and sets `involved`, by trace, for those
 * that take part. */
void live_report_between(const struct trace_list *traces, bool *involved);

/* Tells what all threads of the process wait for, and since when. */
int live_report_stall(const char *path, struct error *error);

#endif
