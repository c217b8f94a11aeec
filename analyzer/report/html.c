/* The HTML report: one page that needs nothing else. The template, its style and its script are files in html/, which the build
 * embeds; the data stand in the page as JSON, and the script shows them as text only. */
#include <stdlib.h>
#include <string.h>

#include "html_data.h"
#include "json_value.h"

/* Of html/, by cmake/embed.cmake. */
extern const char page_html[], page_css[], drawing_js[], findings_js[], locks_js[];

/* Within a script element, "</script" and "<!--" have a meaning, so no '<' is left; in JSON it stands in strings only. */
static int print_data_part(const char *bytes, size_t size, void *stream)
{
    for (size_t i = 0; i < size; i++) {
        if (bytes[i] == '<')
            fputs("\\u003c", stream);
        else
            fputc(bytes[i], stream);
    }
    return ferror((FILE *)stream) ? -1 : 0;
}

static void print_data(FILE *stream, const struct report *report)
{
    json_t *data = html_data_value(report);
    json_dump_callback(data, print_data_part, stream, JSON_COMPACT);
    json_decref(data);
}

/* The part of the template up to a marker is written. Returns what follows the marker. */
static const char *print_up_to(FILE *stream, const char *template, const char *marker)
{
    const char *found = strstr(template, marker);
    if (found == NULL)
        abort(); /* the template is ours */
    fwrite(template, 1, (size_t)(found - template), stream);
    return found + strlen(marker);
}

int report_write_html(const struct report *report, FILE *stream, struct error *error)
{
    static const struct {
        const char *marker, *text; /* in the template's order; text NULL: the data */
    } parts[] = {{"{{page.css}}", page_css},
                 {"{{data}}", NULL},
                 {"{{drawing.js}}", drawing_js},
                 {"{{findings.js}}", findings_js},
                 {"{{locks.js}}", locks_js}};
    const char *rest = page_html;
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        rest = print_up_to(stream, rest, parts[i].marker);
        if (parts[i].text != NULL)
            fputs(parts[i].text, stream);
        else
            print_data(stream, report);
    }
    fputs(rest, stream);
    return ferror(stream) ? error_set(error, "the HTML report cannot be written") : 0;
}
