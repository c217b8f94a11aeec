/* JUnit XML, which every CI server shows: a test case for each finding, and one that passes for each kind of which there is none,
 * so that the history of a job has a line that changes. What fails nothing, or is known already, is a skipped test with its
 * reason. */
#include <inttypes.h>

#include "allocate.h"
#include "coverage.h"
#include "markup.h"
#include "place.h"
#include "program_text.h"
#include "severity.h"
#include "source_path.h"
#include "text_string.h"

struct counts {
    uint32_t tests, failures, skipped, errors;
    uint32_t of_kind[FINDING_KIND_COUNT];
};

static struct counts count(const struct report *report)
{
    struct counts counts = {.errors = coverage_saw_nothing(report->world)};
    for (uint32_t i = 0; i < report->findings->count; i++) {
        const struct finding *finding = &report->findings->items[i];
        counts.of_kind[finding->kind]++;
        if (severity_of(finding) == SEVERITY_ERROR)
            counts.failures++;
        else
            counts.skipped++;
    }
    counts.tests = report->findings->count + counts.errors;
    for (int kind = 0; kind < FINDING_KIND_COUNT; kind++)
        counts.tests += counts.of_kind[kind] == 0;
    return counts;
}

static void print(FILE *stream, const char *raw)
{
    char *text = program_text_printable(raw);
    markup_print(stream, text);
    free(text);
}

static void write_place(FILE *stream, const struct report *report, const struct finding *finding)
{
    struct stack stack;
    places_open_primary_stack(&stack, report, finding);
    const struct stack_line *line = stack.count == 0 ? NULL : &stack.lines[stack.place];
    if (line != NULL && line->file[0] != '\0') {
        fputs(" file=\"", stream);
        print(stream, source_path_shown(line->file));
        fprintf(stream, "\" line=\"%" PRIu32 "\"", line->line);
    }
    stack_close(&stack);
}

static char *reason_to_skip(const struct finding *finding)
{
    if (finding->status == FINDING_NEW)
        return allocate_text("%s: told, and fails nothing", finding_kind_name(finding->kind));
    const char *status = finding->status == FINDING_BASELINED ? "in the baseline" : "suppressed";
    if (finding->status_reason == NULL)
        return allocate_copy(status);
    return allocate_text("%s: %s", status, finding->status_reason);
}

static void write_details(FILE *stream, const struct report *report, uint32_t index)
{
    char *text = text_string_finding(report, &report->findings->items[index], index + 1, REPORT_FULL);
    markup_print(stream, text);
    free(text);
}

static void write_skipped(FILE *stream, const struct report *report, uint32_t index)
{
    char *reason = reason_to_skip(&report->findings->items[index]);
    fputs("      <skipped message=\"", stream);
    print(stream, reason);
    fputs("\"/>\n      <system-out>", stream);
    write_details(stream, report, index);
    fputs("</system-out>\n", stream);
    free(reason);
}

static void write_failure(FILE *stream, const struct report *report, uint32_t index)
{
    const struct finding *finding = &report->findings->items[index];
    fprintf(stream, "      <failure type=\"%s\" message=\"", finding_kind_name(finding->kind));
    print(stream, finding->title == NULL ? "" : finding->title);
    fputs("\">", stream);
    write_details(stream, report, index);
    fputs("</failure>\n", stream);
}

static void write_finding(FILE *stream, const struct report *report, uint32_t index)
{
    const struct finding *finding = &report->findings->items[index];
    fprintf(stream, "    <testcase classname=\"lockorder.%s\" name=\"", finding_kind_name(finding->kind));
    print(stream, finding->fingerprint);
    fputs(": ", stream);
    print(stream, finding->title == NULL ? "" : finding->title);
    fputs("\" time=\"0\"", stream);
    write_place(stream, report, finding);
    fputs(">\n", stream);
    if (severity_of(finding) == SEVERITY_ERROR)
        write_failure(stream, report, index);
    else
        write_skipped(stream, report, index);
    fputs("    </testcase>\n", stream);
}

static void write_cases(FILE *stream, const struct report *report, const struct counts *counts)
{
    for (int kind = 0; kind < FINDING_KIND_COUNT; kind++) {
        const char *name = finding_kind_name((enum finding_kind)kind);
        if (counts->of_kind[kind] == 0)
            fprintf(stream, "    <testcase classname=\"lockorder.%s\" name=\"no %s\" time=\"0\"/>\n", name, name);
    }
    for (uint32_t i = 0; i < report->findings->count; i++)
        write_finding(stream, report, i);
    if (counts->errors != 0)
        fputs(
            "    <testcase classname=\"lockorder.coverage\" name=\"lock calls are seen\" time=\"0\">\n"
            "      <error type=\"coverage\" message=\"no lock call was seen in any process: nothing can be said\"/>\n"
            "    </testcase>\n",
            stream);
}

static void write_counts(FILE *stream, const struct counts *counts)
{
    fprintf(stream, "tests=\"%" PRIu32 "\" failures=\"%" PRIu32 "\" errors=\"%" PRIu32 "\" skipped=\"%" PRIu32 "\" time=\"0\">\n",
            counts->tests, counts->failures, counts->errors, counts->skipped);
}

int report_write_junit(const struct report *report, FILE *stream, struct error *error)
{
    struct counts counts = count(report);
    char *coverage = text_string_coverage(report);
    fputs("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"lockorder\" ", stream);
    write_counts(stream, &counts);
    fputs("  <testsuite name=\"", stream);
    print(stream, coverage_process_name(&report->world->processes[coverage_first_process(report->world).index]));
    fputs("\" ", stream);
    write_counts(stream, &counts);
    write_cases(stream, report, &counts);
    fputs("    <system-out>", stream);
    markup_print(stream, coverage);
    fputs("</system-out>\n  </testsuite>\n</testsuites>\n", stream);
    free(coverage);
    return ferror(stream) ? error_set(error, "the JUnit report cannot be written") : 0;
}
