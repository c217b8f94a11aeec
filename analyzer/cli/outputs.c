#include "outputs.h"

#include <stddef.h>
#include <string.h>

static const struct {
    const char *option;
    int (*write)(const struct report *report, FILE *stream, struct error *error);
} formats[OUTPUT_FORMAT_COUNT] = {
    [OUTPUT_JSON] = {"json", report_write_json},       [OUTPUT_SARIF] = {"sarif", report_write_sarif},
    [OUTPUT_JUNIT] = {"junit", report_write_junit},    [OUTPUT_MARKDOWN] = {"markdown", report_write_markdown},
    [OUTPUT_GITHUB] = {"github", report_write_github}, [OUTPUT_HTML] = {"html", report_write_html},
    [OUTPUT_DOT] = {"dot", report_write_dot},          [OUTPUT_SVG] = {"svg", report_write_svg},
};

static bool is_stdout(const struct output_paths *paths, int format)
{
    return paths->of[format] != NULL && strcmp(paths->of[format], "-") == 0;
}

int output_paths_check(const struct output_paths *paths, struct error *error)
{
    const char *first = NULL;
    for (int format = 0; format < OUTPUT_FORMAT_COUNT; format++) {
        if (!is_stdout(paths, format))
            continue;
        if (first != NULL)
            return error_set(error, "--%s and --%s both go to stdout: expected a file for one of them", first,
                             formats[format].option);
        first = formats[format].option;
    }
    return 0;
}

bool output_paths_are_any(const struct output_paths *paths)
{
    bool any = false;
    for (int format = 0; format < OUTPUT_FORMAT_COUNT; format++)
        any |= paths->of[format] != NULL;
    return any;
}

bool output_paths_take_stdout(const struct output_paths *paths)
{
    bool any = false;
    for (int format = 0; format < OUTPUT_FORMAT_COUNT; format++)
        any |= format != OUTPUT_GITHUB && is_stdout(paths, format);
    return any;
}

int outputs_open(struct outputs *outputs, const struct output_paths *paths, struct error *error)
{
    *outputs = (struct outputs){0};
    for (int format = 0; format < OUTPUT_FORMAT_COUNT; format++) {
        if (paths->of[format] == NULL || output_file_open(&outputs->files[format], paths->of[format], error) == 0)
            continue;
        outputs->files[format] = (struct output_file){.stream = NULL};
        outputs_abandon(outputs);
        return -1;
    }
    return 0;
}

static int write_one(struct output_file *file, int format, const struct report *report, struct error *error)
{
    struct error cause;
    if (formats[format].write(report, file->stream, &cause) == 0)
        return output_file_commit(file, error);
    error_set(error, "--%s=%s: %s", formats[format].option, file->path == NULL ? "-" : file->path, cause.text);
    output_file_abandon(file);
    return -1;
}

int outputs_write(struct outputs *outputs, const struct report *report, struct error *error)
{
    int result = 0;
    for (int format = 0; format < OUTPUT_FORMAT_COUNT; format++) {
        struct error later;
        if (outputs->files[format].stream != NULL &&
            write_one(&outputs->files[format], format, report, result == 0 ? error : &later) != 0)
            result = -1;
    }
    return result;
}

void outputs_abandon(struct outputs *outputs)
{
    for (int format = 0; format < OUTPUT_FORMAT_COUNT; format++) {
        if (outputs->files[format].stream != NULL)
            output_file_abandon(&outputs->files[format]);
    }
}
