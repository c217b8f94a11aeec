/* What commands that report on recorded traces have in common. */
#ifndef LOCKORDER_ANALYZER_CLI_TRACE_REPORT_H
#define LOCKORDER_ANALYZER_CLI_TRACE_REPORT_H

#include "trace_folder.h"

/* What is at the paths; those at which nothing is are told and counted. */
size_t trace_report_list(char *const *paths, int count, struct trace_list *list);

#endif
