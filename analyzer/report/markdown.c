/* A summary for a pull request, in GitHub's Markdown, which GitLab and others read as well: the conclusion, a table, and folded
 * details. Code hosts make links of @names and #numbers even where they are escaped; an empty comment inside keeps them from it.
 */
#include <inttypes.h>

#include "allocate.h"
#include "markup.h"
#include "place.h"
#include "program_text.h"
#include "severity.h"
#include "text_string.h"

/* A comment on a pull request takes 65,536 characters; what does not fit is counted. */
enum { MOST_DETAIL_BYTES = 50000 };

/* A printable text on one line, of which no character is markup. */
static void print_plain(FILE *stream, const char *text)
{
    for (; *text != '\0'; text++) {
        if (*text == '&')
            fputs("&amp;", stream);
        else if (*text == '<')
            fputs("&lt;", stream);
        else if (strchr("\\`*_[]|>~!$", *text) != NULL)
            fprintf(stream, "\\%c", *text);
        else if (*text == '@' || *text == '#')
            fprintf(stream, "%c<!-- -->", *text);
        else if (strncmp(text, "://", 3) == 0)
            fputs(":<!-- -->", stream);
        else
            fputc(*text, stream);
    }
}

static void print_raw(FILE *stream, const char *raw)
{
    char *text = program_text_printable(raw);
    print_plain(stream, text);
    free(text);
}

static void write_places(FILE *stream, const struct report *report, const struct finding *finding)
{
    struct places places;
    places_open(&places, report, finding);
    for (uint32_t i = 0; i < places.count; i++) {
        char *place = text_string_place(report, places.items[i].context);
        fputs(i == 0 ? "" : "<br>", stream);
        print_plain(stream, place);
        free(place);
    }
    places_close(&places);
}

static void write_counts(FILE *stream, const struct finding *finding)
{
    const char *separator = "";
    for (uint32_t i = 0; i < finding->step_count; i++) {
        if (finding->steps[i].count == 0)
            continue;
        fprintf(stream, "%s%" PRIu64, separator, finding->steps[i].count);
        separator = ", ";
    }
}

static void write_status(FILE *stream, const struct finding *finding)
{
    static const char *const texts[] = {[SEVERITY_ERROR] = "**new**", [SEVERITY_WARNING] = "warning"};
    if (finding->status == FINDING_NEW) {
        fputs(texts[severity_of(finding)], stream);
        return;
    }
    fputs(finding->status == FINDING_BASELINED ? "in the baseline" : "suppressed", stream);
    if (finding->status_reason != NULL) {
        fputs(": ", stream);
        print_raw(stream, finding->status_reason);
    }
}

static void write_row(FILE *stream, const struct report *report, uint32_t index)
{
    const struct finding *finding = &report->findings->items[index];
    fprintf(stream, "| %" PRIu32 " | %s, %s | ", index + 1, finding_kind_name(finding->kind),
            finding_certainty_name(finding->certainty));
    print_raw(stream, finding->title == NULL ? "" : finding->title);
    fputs(" | ", stream);
    write_places(stream, report, finding);
    fputs(" | ", stream);
    write_counts(stream, finding);
    fputs(" | ", stream);
    write_status(stream, finding);
    fputs(" |\n", stream);
}

static void write_table(FILE *stream, const struct report *report)
{
    if (report->findings->count == 0)
        return;
    fputs("\n| | kind | finding | where | times seen | status |\n| ---: | --- | --- | --- | --- | --- |\n", stream);
    for (uint32_t i = 0; i < report->findings->count; i++)
        write_row(stream, report, i);
}

static void write_folded(FILE *stream, const char *summary, const char *text)
{
    fprintf(stream, "\n<details><summary>%s</summary>\n\n<pre>\n", summary);
    markup_print(stream, text);
    fputs("</pre>\n\n</details>\n", stream);
}

static void write_details(FILE *stream, const struct report *report)
{
    size_t bytes = 0;
    for (uint32_t i = 0; i < report->findings->count; i++) {
        const struct finding *finding = &report->findings->items[i];
        char *text = text_string_finding(report, finding, i + 1, REPORT_FULL);
        bytes += strlen(text);
        if (bytes > MOST_DETAIL_BYTES && i > 0) {
            fprintf(stream, "\nDetails of %" PRIu32 " more are left out here, for the length of a comment.\n",
                    report->findings->count - i);
            free(text);
            return;
        }
        char *summary =
            allocate_text("%" PRIu32 ". %s <code>%s</code>", i + 1, finding_kind_name(finding->kind), finding->fingerprint);
        write_folded(stream, summary, text);
        free(summary);
        free(text);
    }
}

int report_write_markdown(const struct report *report, FILE *stream, struct error *error)
{
    char *conclusion = text_string_conclusion(report), *coverage = text_string_coverage(report);
    fputs("### lockorder: ", stream);
    print_plain(stream, conclusion);
    fputc('\n', stream);
    write_table(stream, report);
    write_details(stream, report);
    write_folded(stream, "What was seen, and what was not", coverage);
    free(conclusion);
    free(coverage);
    return ferror(stream) ? error_set(error, "the Markdown report cannot be written") : 0;
}
