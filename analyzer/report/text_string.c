#include "text_string.h"

#include "allocate.h"
#include "memory_stream.h"
#include "program_text.h"
#include "text.h"

enum { WIDTH = 100 };

struct text_string {
    struct memory_stream memory;
    struct terminal terminal;
    struct text_writer writer;
};

static void open_string(struct text_string *string, const struct report *report)
{
    memory_stream_open(&string->memory);
    string->terminal = (struct terminal){.stream = string->memory.stream, .width = WIDTH};
    string->writer = text_writer_new(report, &string->terminal);
}

char *text_string_conclusion(const struct report *report)
{
    static const char command[] = "lockorder: ";
    struct text_string string;
    open_string(&string, report);
    text_write_conclusion(&string.writer);
    char *line = memory_stream_close(&string.memory);
    line[strcspn(line, "\n")] = '\0';
    char *conclusion = allocate_copy(strncmp(line, command, strlen(command)) == 0 ? line + strlen(command) : line);
    free(line);
    return conclusion;
}

char *text_string_finding(const struct report *report, const struct finding *finding, uint32_t number, enum report_detail detail)
{
    struct report whole = *report;
    struct text_string string;
    whole.deadlocks_told = false; /* elsewhere than here */
    open_string(&string, &whole);
    text_write_finding(&string.writer, finding, number, detail);
    return memory_stream_close(&string.memory);
}

char *text_string_coverage(const struct report *report)
{
    struct text_string string;
    open_string(&string, report);
    text_write_coverage(&string.writer, REPORT_FULL);
    return memory_stream_close(&string.memory);
}

char *text_string_place(const struct report *report, struct context_id context)
{
    struct text_writer writer = {.report = report};
    char *raw = text_place(&writer, context);
    char *place = program_text_printable(raw);
    free(raw);
    return place;
}
