/* The schedule that ends in the deadlock:
 *
 *        thread 2 "transfer_in"    thread 3 "transfer_out"
 *        lock accounts[0].lock
 *                                  lock accounts[1].lock
 *        lock accounts[1].lock
 *                                  lock accounts[0].lock
 *        both wait for ever
 */
#include <inttypes.h>

#include "allocate.h"
#include "program_text.h"
#include "text.h"

enum { INDENT = 7, GAP = 4, MOST_COLUMNS = 4 };

struct column {
    char *label, *first, *second; /* printable */
};

/* Columns on the screen, as far as that can be known without the terminal's tables: one for each character. */
static int width_of(const char *text)
{
    int width = 0;
    for (; *text != '\0'; text++)
        width += ((unsigned char)*text & 0xc0) != 0x80;
    return width;
}

static int widest(const struct column *columns, uint32_t count)
{
    int width = 0;
    for (uint32_t i = 0; i < count; i++) {
        const char *const texts[] = {columns[i].label, columns[i].first, columns[i].second};
        for (size_t j = 0; j < sizeof texts / sizeof texts[0]; j++)
            width = width_of(texts[j]) > width ? width_of(texts[j]) : width;
    }
    return width;
}

static char *lock_call(const struct text_writer *writer, struct lock_id lock)
{
    char *call = allocate_text("lock %s", lock_names_short(writer->report->lock_names, lock));
    char *text = program_text_printable(call);
    free(call);
    return text;
}

static struct column column_of(const struct text_writer *writer, const struct finding *finding, const struct finding_step *step)
{
    char *raw = text_step_label(writer, finding, step->thread);
    char *label = program_text_printable(raw);
    free(raw);
    return (struct column){label, lock_call(writer, step->holds.lock), lock_call(writer, step->wants.lock)};
}

static void write_cell(const struct text_writer *writer, int indent, const char *text)
{
    fprintf(writer->stream, "%*s%s\n", indent, "", text);
}

static void write_columns(const struct text_writer *writer, const struct column *columns, uint32_t count, int width)
{
    fprintf(writer->stream, "\n%*s", INDENT, "");
    for (uint32_t i = 0; i + 1 < count; i++)
        fprintf(writer->stream, "%s%*s", columns[i].label, width + GAP - width_of(columns[i].label), "");
    fprintf(writer->stream, "%s\n", columns[count - 1].label);
    for (uint32_t i = 0; i < count; i++)
        write_cell(writer, INDENT + (int)i * (width + GAP), columns[i].first);
    for (uint32_t i = 0; i < count; i++)
        write_cell(writer, INDENT + (int)i * (width + GAP), columns[i].second);
}

/* Who waits for a thread's end shows in the lines of the threads. */
static bool is_all_of_locks(const struct finding *finding)
{
    for (uint32_t i = 0; i < finding->step_count; i++) {
        if (finding->steps[i].holds.lock.index == 0 || finding->steps[i].wants.lock.index == 0)
            return false;
    }
    return true;
}

void text_write_schedule(const struct text_writer *writer, const struct finding *finding)
{
    uint32_t count = finding->step_count;
    bool is_schedule = finding->kind != FINDING_ORDER && is_all_of_locks(finding); /* of an order, nobody would wait */
    if (count < 2 || count > MOST_COLUMNS || !is_schedule)
        return;
    struct column columns[MOST_COLUMNS];
    for (uint32_t i = 0; i < count; i++)
        columns[i] = column_of(writer, finding, &finding->steps[i]);
    int width = widest(columns, count);
    if (INDENT + (int)count * (width + GAP) - GAP <= writer->terminal->width) {
        write_columns(writer, columns, count, width);
        fprintf(writer->stream, "%*s%s wait %s\n", INDENT, "", count == 2 ? "both" : "all",
                finding->needs_timeout_to_end ? "until a time-out" : "for ever");
    }
    for (uint32_t i = 0; i < count; i++) {
        free(columns[i].label);
        free(columns[i].first);
        free(columns[i].second);
    }
}

static void write_call(const struct text_writer *writer, const struct finding *finding, const struct finding_call *call)
{
    bool blocks = call->kind == FINDING_CALL_BLOCKS;
    const char *verb = !blocks ? "locks" : finding->needs_timeout_to_end ? "waits for" : "waits for ever for";
    char *label = text_step_label(writer, finding, call->thread);
    char *place = text_place(writer, call->context);
    text_print(writer, "       %s %s %s at %s", label, verb, lock_names_short(writer->report->lock_names, call->lock), place);
    text_end_line(writer);
    free(place);
    free(label);
}

void text_write_proof(const struct text_writer *writer, const struct finding *finding)
{
    uint64_t others = finding->schedule_left_out;
    if (finding->certainty != CERTAINTY_PROVEN)
        return;
    fputs("\n   proven: the calls of this run, in another order, end in the deadlock:\n", writer->stream);
    for (uint32_t i = 0; i < finding->schedule_count; i++) {
        const struct finding_call *call = &finding->schedule[i];
        if (call->is_kept || call->kind == FINDING_CALL_BLOCKS)
            write_call(writer, finding, call);
        else
            others++;
    }
    if (others != 0)
        fprintf(writer->stream,
                "       (%" PRIu64 " more calls of these threads come before or in between: the JSON report has the last)\n",
                others);
}
