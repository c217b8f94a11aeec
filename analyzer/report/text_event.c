/* A hazard or a misuse: what a thread did, and what that conflicts with.
 *
 *        thread 3 "worker" unlocks accounts[0].lock (at bank.c:34 credit)
 *        thread 2 "left" locked accounts[0].lock (at bank.c:12 debit)
 */
#include "allocate.h"
#include "event_words.h"
#include "text.h"

char *text_event_sentence(const struct text_writer *writer, const struct finding *finding, const char *template)
{
    const struct finding_step *step = &finding->steps[0];
    char *thread = text_step_label(writer, finding, step->thread);
    char *other =
        step->other_thread.index == 0 ? allocate_copy("another thread") : text_step_label(writer, finding, step->other_thread);
    const char *none = "a lock";
    struct event_names names = {
        .thread = thread,
        .other = other,
        .wants = step->wants.lock.index == 0 ? none : lock_names_name(writer->report->lock_names, step->wants.lock),
        .holds = step->holds.lock.index == 0 ? none : lock_names_name(writer->report->lock_names, step->holds.lock),
        .signal = finding->event_detail};
    char *text = event_sentence(template, &names);
    free(thread);
    free(other);
    return text;
}

static bool has_conflict(const struct finding *finding)
{
    return finding->steps[0].holds.lock.index != 0 || finding->steps[0].holds.context.index != 0;
}

static void write_line(const struct text_writer *writer, const struct finding *finding, const char *template,
                       struct context_id context)
{
    char *text = text_event_sentence(writer, finding, template), *place = text_place(writer, context);
    text_print(writer, "   %s", text);
    if (context.index != 0)
        text_print(writer, " (at %s)", place);
    text_end_line(writer);
    free(text);
    free(place);
}

static void write_stack(const struct text_writer *writer, const struct finding *finding, const char *template,
                        struct context_id context)
{
    if (context.index == 0)
        return;
    char *text = text_event_sentence(writer, finding, template);
    text_end_line(writer);
    text_print(writer, "   %s here:", text);
    text_end_line(writer);
    text_write_stack(writer, context);
    free(text);
}

void text_write_event_lines(const struct text_writer *writer, const struct finding *finding)
{
    const struct event_words *words = event_words_of(finding->event);
    write_line(writer, finding, words->call, finding->steps[0].wants.context);
    if (has_conflict(finding))
        write_line(writer, finding, words->conflict, finding->steps[0].holds.context);
}

void text_write_event_stacks(const struct text_writer *writer, const struct finding *finding)
{
    const struct event_words *words = event_words_of(finding->event);
    write_stack(writer, finding, words->call, finding->steps[0].wants.context);
    if (has_conflict(finding))
        write_stack(writer, finding, words->conflict, finding->steps[0].holds.context);
}
