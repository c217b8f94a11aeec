/* The options that every command that judges traces has. */
#ifndef LOCKORDER_ANALYZER_CLI_REPORT_OPTIONS_H
#define LOCKORDER_ANALYZER_CLI_REPORT_OPTIONS_H

#include <argp.h>

#include "arguments.h"
#include "gate.h"
#include "outputs.h"

/* The keys of the forms, in the order of enum output_format. */
enum {
    REPORT_KEY_OUTPUTS = ARGUMENTS_KEY_FIRST,
    REPORT_KEY_FAIL_ON = REPORT_KEY_OUTPUTS + OUTPUT_FORMAT_COUNT,
    REPORT_KEY_MAX_CYCLES,
    REPORT_KEY_FIRST
};

struct report_options {
    struct arguments common;
    struct output_paths outputs;
    struct gate gate;
    uint64_t max_cycles; /* 0: the default of the verdict */
};

/* clang-format off */
#define REPORT_OPTIONS \
    {"json", REPORT_KEY_OUTPUTS + OUTPUT_JSON, "FILE", 0, "Write the report as JSON to FILE; - is stdout, instead of text", 0}, \
    {"sarif", REPORT_KEY_OUTPUTS + OUTPUT_SARIF, "FILE", 0, "The same as SARIF 2.1.0, for code hosts and editors", 0}, \
    {"junit", REPORT_KEY_OUTPUTS + OUTPUT_JUNIT, "FILE", 0, "The same as JUnit XML, for CI servers", 0}, \
    {"html", REPORT_KEY_OUTPUTS + OUTPUT_HTML, "FILE", 0, "A page for a browser, complete in itself, with the lock-order graph", 0}, \
    {"markdown", REPORT_KEY_OUTPUTS + OUTPUT_MARKDOWN, "FILE", 0, "A summary in Markdown, for a pull request", 0}, \
    {"github", REPORT_KEY_OUTPUTS + OUTPUT_GITHUB, NULL, 0, "Annotations for GitHub Actions on stdout, after the text", 0}, \
    {"fail-on", REPORT_KEY_FAIL_ON, "KINDS", 0, "Findings that fail: none, or some of " GATE_KINDS_TEXT \
     " (default: all but hazard)", 0}, \
    {"max-cycles", REPORT_KEY_MAX_CYCLES, "N", 0, "Give no more than N cycles (default: 10000)", 0}, \
    ARGUMENTS_HELP
/* clang-format on */

struct report_options report_options_default(void);

/* Parses the keys of REPORT_OPTIONS, of which the input starts with a struct report_options. */
error_t report_options_parse(int key, char *argument, struct argp_state *state);

/* A number of the given range, or -1 with one clear line printed. */
int report_options_number(const char *option, const char *text, uint64_t least, uint64_t most, uint64_t *number);

#endif
