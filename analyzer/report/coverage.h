/* What a run let us see, and what it did not: the facts behind the last lines of every report. */
#ifndef LOCKORDER_ANALYZER_REPORT_COVERAGE_H
#define LOCKORDER_ANALYZER_REPORT_COVERAGE_H

#include "report.h"

/* One more than the limits of a trace: cycles that the search did not look at. */
enum { COVERAGE_LIMIT_CYCLES = TRACE_LIMIT_COUNT, COVERAGE_LIMIT_COUNT };

struct coverage {
    uint32_t processes; /* by pid */
    uint32_t images;    /* program images, each with its trace: exec starts another one in the same process */
    uint32_t threads;
    uint32_t locks; /* in nested use; others are not recorded */
    uint64_t acquisitions;
    uint64_t limits[COVERAGE_LIMIT_COUNT]; /* by enum trace_limit, over all processes */
};

struct coverage coverage_count(const struct report *report);

/* "dependencies"; "limit_12" for one that this version does not know. Valid until the next call. */
const char *coverage_limit_name(uint32_t limit);

/* What was cut, in words: "call stacks cut at 64 frames". */
const char *coverage_limit_text(uint32_t limit);

/* What may be said of a process. */
typedef bool coverage_predicate(const struct world *world, struct process_id process);

/* No lock call was seen in any process: nothing can be said. */
bool coverage_saw_nothing(const struct world *world);

/* No lock call was seen in it. Said of no child that forked and ran no program of its own: its parent was seen. */
coverage_predicate coverage_is_unobserved;
/* Its trace was never closed: it was killed, or it still runs. Not said of one that went on as another program. */
coverage_predicate coverage_is_unfinished;
/* Its recording ended early, for want of space. */
coverage_predicate coverage_is_stopped;
/* Its trace ends before what its header promises. */
coverage_predicate coverage_is_truncated;

/* The process that started the others: the first one whose parent is not among them; none in an empty world. */
struct process_id coverage_first_process(const struct world *world);

/* The build-id of the process's executable, as hexadecimal digits; NULL where it is not known. The caller frees. */
char *coverage_build_id(const struct world *world, struct process_id process);

/* What the process is called: its first argument, else its executable, else its trace. */
const char *coverage_process_name(const struct process *process);

/* A module in whose code a lock of a finding is taken or wanted, and for which there is no debug information. */
struct coverage_module {
    struct module_id module;
    enum symbol_quality quality;
};

/* Each file once. The caller frees the array. */
struct coverage_module *coverage_modules_without_lines(const struct report *report, uint32_t *count);

/* "has no debug information", "is not the build that ran", ... */
const char *coverage_quality_text(enum symbol_quality quality);

#endif
