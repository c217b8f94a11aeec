/* The files in which the user says what is known: read before there are findings, so that a bad one is told before a program
 * runs; applied and written when there are. */
#ifndef LOCKORDER_ANALYZER_CLI_USER_FILES_H
#define LOCKORDER_ANALYZER_CLI_USER_FILES_H

#include "analysis.h"
#include "gate/baseline.h"
#include "gate/mine.h"
#include "gate/order_file.h"
#include "gate/suppressions.h"
#include "report_options.h"

struct user_files {
    const struct report_options *options;
    struct baseline baseline;
    struct suppressions suppressions;
    struct declared_orders order; /* no graph without --order */
    struct remarks remarks;
    struct output_file updated; /* the baseline to be; no stream without --update-baseline */
    struct output_file rules;   /* of --print-suppressions; no stream without */
};

/* The options must outlive it. Returns -1 with the error set, and nothing to close, when a file cannot be read or written. */
int user_files_open(struct user_files *files, const struct report_options *options, struct error *error);
void user_files_close(struct user_files *files);

/* Sets the status of the findings, and what the report is to remark. */
void user_files_apply(struct user_files *files, struct analysis *analysis);

/* Writes the baseline and the rules that were asked for. Returns -1 with the error set when they cannot be written; the baseline
 * also when a trace could not be read: it would forget what is in there. */
int user_files_write(struct user_files *files, const struct analysis *analysis, struct error *error);

/* Whether the rules go to stdout, in place of the text. */
bool user_files_print_rules(const struct user_files *files);

#endif
