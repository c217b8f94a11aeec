/* Findings and what they were found in, given to a person (text.c) or to a program (json.c).
 *
 * The order of use: the verdict makes `findings`; report_open gives their locks names; titles and suggestions, which need these
 * names, are put into the findings; then the writers are called, as often as wanted. */
#ifndef LOCKORDER_ANALYZER_REPORT_REPORT_H
#define LOCKORDER_ANALYZER_REPORT_REPORT_H

#include "error.h"
#include "finding.h"
#include "lock_name.h"
#include "remarks.h"
#include "symbols/symbolize.h"
#include "terminal.h"

struct report {
    const struct world *world;
    const struct findings *findings;
    struct symbolizer *symbolizer;
    struct lock_names *lock_names;
    const struct remarks *remarks; /* NULL: none */
    const char *revision;          /* of the program, as the user calls it; NULL: not given */
    bool statistics;               /* the user wants to know how contended locks were */
    bool deadlocks_told;           /* in full, when they happened: the text gives only their lines again */
};

/* The other arguments must outlive the report. */
void report_open(struct report *report, const struct world *world, const struct findings *findings,
                 struct symbolizer *symbolizer);
void report_close(struct report *report);

enum report_detail {
    REPORT_FULL,
    REPORT_SHORT /* the conclusion and one line per thread: for a program's own stderr */
};

/* The conclusion first, then one line per thread, then stacks, last what was seen and what was not. */
void report_write_text(const struct report *report, const struct terminal *terminal, enum report_detail detail);

/* What is to be told at once, of a process that still runs, or of those that have deadlocked with each other: the deadlocks that
 * are the findings, then what its other threads wait for. `now` is CLOCK_MONOTONIC. */
void report_write_deadlocks(const struct report *report, const struct terminal *terminal, enum report_detail detail,
                            uint64_t now);

/* Of one process, in which some thread waits for a lock for long, and no deadlock is known: all that its threads wait for, the
 * one that holds that lock first, as far as that is known. */
void report_write_stall(const struct report *report, const struct terminal *terminal, uint64_t now);

/* report.schema.json describes it. Returns -1 with the error set when it cannot be written. */
int report_write_json(const struct report *report, FILE *stream, struct error *error);

/* SARIF 2.1.0. Sources below the current folder have relative URIs. */
int report_write_sarif(const struct report *report, FILE *stream, struct error *error);

/* For CI servers: a test case for each finding. */
int report_write_junit(const struct report *report, FILE *stream, struct error *error);

/* A summary for a pull request. */
int report_write_markdown(const struct report *report, FILE *stream, struct error *error);

/* Annotations, as lines of a job of GitHub Actions. */
int report_write_github(const struct report *report, FILE *stream, struct error *error);

/* A page for a browser, complete in itself. */
int report_write_html(const struct report *report, FILE *stream, struct error *error);

/* The lock-order graph in graphviz's language, and as a picture. The latter fails where lockorder was built without graphviz. */
int report_write_dot(const struct report *report, FILE *stream, struct error *error);
int report_write_svg(const struct report *report, FILE *stream, struct error *error);

#endif
