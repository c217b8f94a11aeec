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
    REPORT_KEY_BASELINE,
    REPORT_KEY_UPDATE_BASELINE,
    REPORT_KEY_SUPPRESSIONS,
    REPORT_KEY_PRINT_SUPPRESSIONS,
    REPORT_KEY_ORDER,
    REPORT_KEY_MINE,
    REPORT_KEY_REVISION,
    REPORT_KEY_STATS,
    REPORT_KEY_FIRST
};

struct report_options {
    struct arguments common;
    struct output_paths outputs;
    struct gate gate;
    uint64_t max_cycles;  /* 0: the default of the verdict */
    const char *baseline; /* NULL: none */
    bool update_baseline;
    const char **suppressions; /* files */
    size_t suppression_count;
    const char *order; /* a file that declares orders; NULL: none */
    const char **mine; /* folders of sources, and modules */
    size_t mine_count;
    const char *revision; /* NULL: not given */
    bool statistics;
    const char *rules;    /* where to print rules; NULL: nowhere; "-": stdout */
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
    {"max-cycles", REPORT_KEY_MAX_CYCLES, "N", 0, "Give no more than N cycles (default: 1000)", 0}, \
    {"baseline", REPORT_KEY_BASELINE, "FILE", 0, "Findings that FILE names do not fail", 0}, \
    {"update-baseline", REPORT_KEY_UPDATE_BASELINE, NULL, 0, "Write all findings that are not suppressed to the baseline", 0}, \
    {"suppressions", REPORT_KEY_SUPPRESSIONS, "FILE", 0, "Findings that a rule in FILE matches do not fail; may be repeated", 0}, \
    {"print-suppressions", REPORT_KEY_PRINT_SUPPRESSIONS, "FILE", OPTION_ARG_OPTIONAL, \
     "Write a rule for each new finding to FILE (default: stdout, instead of text)", 0}, \
    {"order", REPORT_KEY_ORDER, "FILE", 0, "Hold the run against the order of locks that FILE declares", 0}, \
    {"mine", REPORT_KEY_MINE, "PATH|MODULE", 0, \
     "Tell first what touches the sources below PATH, or MODULE, and fold the rest; may be repeated", 0}, \
    {"revision", REPORT_KEY_REVISION, "TEXT", 0, "Show TEXT as the revision of the program's sources", 0}, \
    {"stats", REPORT_KEY_STATS, NULL, 0, "Tell also how contended the locks were: in the text, and in the JSON report", 0}, \
    ARGUMENTS_HELP
/* clang-format on */

struct report_options report_options_default(void);
void report_options_clear(struct report_options *options);

/* Parses the keys of REPORT_OPTIONS, of which the input starts with a struct report_options. */
error_t report_options_parse(int key, char *argument, struct argp_state *state);

/* A number of the given range, or -1 with one clear line printed. */
int report_options_number(const char *option, const char *text, uint64_t least, uint64_t most, uint64_t *number);

#endif
