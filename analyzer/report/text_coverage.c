#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "allocate.h"
#include "coverage.h"
#include "text.h"

enum { MOST_PIDS = 5 };

static const char *symbols_advice(enum symbol_quality quality)
{
    switch (quality) {
    case SYMBOLS_FILE_MISSING:
        return "report where the file is";
    case SYMBOLS_OTHER_BUILD:
        return "report while the file is the one that ran";
    default:
        return "compile it with -g, or install its debug symbols (Debian: a -dbgsym package), and report again";
    }
}

static void write_modules(const struct text_writer *writer)
{
    uint32_t count = 0;
    struct coverage_module *modules = coverage_modules_without_lines(writer->report, &count);
    for (uint32_t i = 0; i < count; i++) {
        const struct module *module = &writer->report->world->modules[modules[i].module.index];
        text_print(writer, "symbols: %s %s, so module+offset is shown; for lines, %s", module->path,
                   coverage_quality_text(modules[i].quality), symbols_advice(modules[i].quality));
        fputc('\n', writer->stream);
    }
    free(modules);
}

static const char *plural(uint64_t count, const char *one, const char *many)
{
    return count == 1 ? one : many;
}

static void write_seen(const struct text_writer *writer, const struct coverage *coverage)
{
    text_print(writer, "seen: %" PRIu32 " %s", coverage->processes, plural(coverage->processes, "process", "processes"));
    if (coverage->images > coverage->processes)
        text_print(writer, " (%" PRIu32 " program images)", coverage->images);
    text_print(writer, ", %" PRIu32 " %s, %" PRIu32 " %s in nested use, %" PRIu64 " %s", coverage->threads,
               plural(coverage->threads, "thread", "threads"), coverage->locks, plural(coverage->locks, "lock", "locks"),
               coverage->acquisitions, plural(coverage->acquisitions, "acquisition", "acquisitions"));
    fputc('\n', writer->stream);
}

static void write_limits(const struct text_writer *writer, const struct coverage *coverage)
{
    for (uint32_t limit = 0; limit < COVERAGE_LIMIT_COUNT; limit++) {
        if (coverage->limits[limit] != 0)
            fprintf(writer->stream, "cut: %s (%" PRIu64 ")\n", coverage_limit_text(limit), coverage->limits[limit]);
    }
}

/* Takes `first` and those after it that are called the same off the list, and prints the first few pids. */
static void print_group(const struct text_writer *writer, bool *listed, uint32_t first)
{
    const struct world *world = writer->report->world;
    const char *name = coverage_process_name(&world->processes[first]);
    uint32_t count = 0;
    text_print(writer, "%s (pid ", name);
    for (uint32_t i = first; i < world->process_count; i++) {
        if (!listed[i] || strcmp(coverage_process_name(&world->processes[i]), name) != 0)
            continue;
        if (count < MOST_PIDS)
            text_print(writer, "%s%" PRIu32, count == 0 ? "" : ", ", world->processes[i].kernel_id);
        count++;
        listed[i] = false;
    }
    if (count > MOST_PIDS)
        text_print(writer, " and %" PRIu32 " more", count - MOST_PIDS);
    text_print(writer, ")");
}

/* One line for all the processes of which the predicate holds, grouped by name. */
static void write_processes(const struct text_writer *writer, coverage_predicate *predicate, const char *start, const char *end)
{
    const struct world *world = writer->report->world;
    bool *listed = allocate_zeroed(world->process_count, sizeof *listed), any = false;
    for (uint32_t i = 1; i < world->process_count; i++)
        listed[i] = predicate(world, (struct process_id){i});
    for (uint32_t i = 1; i < world->process_count; i++) {
        if (!listed[i])
            continue;
        text_print(writer, "%s", any ? ", " : start);
        print_group(writer, listed, i);
        any = true;
    }
    if (any)
        fprintf(writer->stream, "%s\n", end);
    free(listed);
}

/* What exactly ran, as far as that is known: the program of the first finding, else the one that started the others. */
static void write_program(const struct text_writer *writer)
{
    const struct report *report = writer->report;
    struct process_id process = report->findings->count != 0 ? finding_process(report->world, &report->findings->items[0])
                                                             : coverage_first_process(report->world);
    char *build_id = coverage_build_id(report->world, process);
    if (build_id != NULL || report->revision != NULL) {
        text_print(writer, "program: %s", coverage_process_name(&report->world->processes[process.index]));
        if (report->revision != NULL)
            text_print(writer, ", revision %s", report->revision);
        if (build_id != NULL)
            text_print(writer, ", build-id %s", build_id);
        text_end_line(writer);
    }
    free(build_id);
}

void text_write_coverage(const struct text_writer *writer, enum report_detail detail)
{
    struct coverage coverage = coverage_count(writer->report);
    if (detail == REPORT_SHORT) {
        write_seen(writer, &coverage);
        return;
    }
    write_modules(writer);
    write_program(writer);
    write_seen(writer, &coverage);
    write_limits(writer, &coverage);
    write_processes(writer, coverage_is_stopped, "cut: ", ": recording stopped early, no space or the trace file was full");
    write_processes(writer, coverage_is_truncated, "cut: ", ": the trace file ends too early");
    write_processes(writer, coverage_is_unfinished, "cut: ", ": killed or still running, what came last may be missing");
    write_processes(writer, coverage_is_unobserved, "unseen: no lock call in ",
                    ": no locks are taken there, or none through functions that the recorder knows");
    fputs("unseen: locks made directly on futexes, as in Rust's std, Go and abseil\n", writer->stream);
}
