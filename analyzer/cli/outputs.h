/* The forms of a report that are asked for by option, several at once, and the files that they go to. */
#ifndef LOCKORDER_ANALYZER_CLI_OUTPUTS_H
#define LOCKORDER_ANALYZER_CLI_OUTPUTS_H

#include <stdbool.h>

#include "output_file.h"
#include "report/report.h"

enum output_format {
    OUTPUT_JSON,
    OUTPUT_SARIF,
    OUTPUT_JUNIT,
    OUTPUT_MARKDOWN,
    OUTPUT_GITHUB, /* always to stdout, beside the text */
    OUTPUT_HTML,
    OUTPUT_DOT,
    OUTPUT_SVG,
    OUTPUT_FORMAT_COUNT
};

/* By format: NULL where it is not wanted, "-" for stdout. */
struct output_paths {
    const char *of[OUTPUT_FORMAT_COUNT];
};

struct outputs {
    struct output_file files[OUTPUT_FORMAT_COUNT]; /* without a stream where it is not wanted */
};

/* Returns -1 with the error set when two forms are to go to stdout. */
int output_paths_check(const struct output_paths *paths, struct error *error);

bool output_paths_are_any(const struct output_paths *paths);

/* Whether one of them goes to stdout in place of the text. */
bool output_paths_take_stdout(const struct output_paths *paths);

/* Returns -1 with the error set, and nothing to close, when one of the files cannot be made. */
int outputs_open(struct outputs *outputs, const struct output_paths *paths, struct error *error);

/* Writes each form and puts its file in place. Returns -1 with the error of the first one that failed; all are closed in any
 * case. */
int outputs_write(struct outputs *outputs, const struct report *report, struct error *error);

/* Gives up: the files stay as they were. */
void outputs_abandon(struct outputs *outputs);

#endif
