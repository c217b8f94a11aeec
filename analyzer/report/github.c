/* Workflow commands of GitHub Actions: an annotation beside the line of each finding. The runner reads them from the job's
 * output, each at the start of a line; it shows ten of each level, so the worst findings, which come first, are not lost. */
#include <inttypes.h>

#include "allocate.h"
#include "place.h"
#include "program_text.h"
#include "severity.h"
#include "source_path.h"
#include "text_string.h"

static const char *const levels[] = {[SEVERITY_ERROR] = "error", [SEVERITY_WARNING] = "warning", [SEVERITY_KNOWN] = "notice"};

/* The runner undoes these, and no others. In a property, ':' and ',' have a meaning, too. */
static void print_escaped(FILE *stream, const char *text, const char *meaningful)
{
    for (; *text != '\0'; text++) {
        if (strchr(meaningful, *text) != NULL)
            fprintf(stream, "%%%02X", (unsigned char)*text);
        else
            fputc(*text, stream);
    }
}

static void write_place(FILE *stream, const struct report *report, const struct finding *finding)
{
    struct stack stack;
    places_open_primary_stack(&stack, report, finding);
    const struct stack_line *line = stack.count == 0 ? NULL : &stack.lines[stack.place];
    if (line != NULL && line->file[0] != '\0') {
        char *file = program_text_printable(source_path_shown(line->file));
        fputs("file=", stream);
        print_escaped(stream, file, "%\r\n:,");
        fprintf(stream, ",line=%" PRIu32 ",", line->line == 0 ? 1 : line->line);
        free(file);
    }
    stack_close(&stack);
}

static void write_finding(FILE *stream, const struct report *report, uint32_t index)
{
    const struct finding *finding = &report->findings->items[index];
    char *text = text_string_finding(report, finding, index + 1, REPORT_SHORT);
    size_t length = strlen(text);
    if (length > 0 && text[length - 1] == '\n')
        text[length - 1] = '\0';
    fprintf(stream, "::%s ", levels[severity_of(finding)]);
    write_place(stream, report, finding);
    fprintf(stream, "title=lockorder%%3A %s::", finding_kind_name(finding->kind));
    print_escaped(stream, text, "%\r\n");
    fputc('\n', stream);
    free(text);
}

int report_write_github(const struct report *report, FILE *stream, struct error *error)
{
    if (report->findings->count > 0)
        fputc('\n', stream); /* the program may have left its last line open */
    for (uint32_t i = 0; i < report->findings->count; i++)
        write_finding(stream, report, i);
    return ferror(stream) ? error_set(error, "the annotations cannot be written") : 0;
}
