#include "place.h"

#include "allocate.h"
#include "event_words.h"
#include "text.h"

static void add(struct places *places, uint32_t thread, struct context_id context, char *text)
{
    places->items = allocate_grown(places->items, places->count, sizeof *places->items);
    places->items[places->count++] = (struct place){context, thread, text};
    if (places->thread_count <= thread)
        places->thread_count = thread + 1;
}

static const char *side_suffix(const struct held_lock *side)
{
    return side->mode == TRACE_MODE_SHARED ? " for reading" : "";
}

static const char *name_of(const struct text_writer *writer, struct lock_id lock)
{
    return lock_names_name(writer->report->lock_names, lock);
}

static void add_held(struct places *places, const struct text_writer *writer, const struct finding *finding, uint32_t index)
{
    const struct finding_step *step = &finding->steps[index];
    char *label = text_step_label(writer, finding, step->thread);
    const char *gone = finding_step_is_gone(step) ? ", which is gone," : "";
    if (step->holds.lock.index != 0)
        add(places, index, step->holds.context,
            allocate_text("%s%s locks %s%s", label, gone, name_of(writer, step->holds.lock), side_suffix(&step->holds)));
    free(label);
}

static void add_wanted(struct places *places, const struct text_writer *writer, const struct finding *finding, uint32_t index)
{
    const struct finding_step *step = &finding->steps[index];
    if (finding_step_is_gone(step))
        return;
    char *label = text_step_label(writer, finding, step->thread);
    const char *verb = finding->kind == FINDING_DEADLOCK ? "waits for" : "wants";
    if (step->wants.lock.index != 0) {
        add(places, index, step->wants.context,
            allocate_text("%s %s %s%s", label, verb, name_of(writer, step->wants.lock), side_suffix(&step->wants)));
    } else {
        char *other = text_step_label(writer, finding, step->other_thread);
        add(places, index, step->wants.context, allocate_text("%s waits for the end of %s", label, other));
        free(other);
    }
    free(label);
}

/* Of threads that wait for each other: where each took what it holds, and where it wants more. */
static void add_steps(struct places *places, const struct text_writer *writer, const struct finding *finding)
{
    for (uint32_t i = 0; i < finding->step_count; i++) {
        add_held(places, writer, finding, i);
        if (i == 0)
            places->primary = places->count;
        add_wanted(places, writer, finding, i);
    }
}

/* Of an event: what it conflicts with, when that is known, came before. */
static void add_event(struct places *places, const struct text_writer *writer, const struct finding *finding)
{
    const struct event_words *words = event_words_of(finding->event);
    const struct finding_step *step = &finding->steps[0];
    bool is_own = strncmp(words->conflict, "%T", 2) == 0;
    if (step->holds.lock.index != 0 || step->holds.context.index != 0)
        add(places, is_own ? 0 : 1, step->holds.context, text_event_sentence(writer, finding, words->conflict));
    places->primary = places->count;
    add(places, 0, step->wants.context, text_event_sentence(writer, finding, words->call));
}

void places_open(struct places *places, const struct report *report, const struct finding *finding)
{
    struct text_writer writer = {.report = report};
    *places = (struct places){NULL, 0, 0, 0};
    if (event_words_of(finding->event) != NULL)
        add_event(places, &writer, finding);
    else
        add_steps(places, &writer, finding);
    if (places->primary >= places->count)
        places->primary = 0;
}

void places_close(struct places *places)
{
    for (uint32_t i = 0; i < places->count; i++)
        free(places->items[i].text);
    free(places->items);
    *places = (struct places){NULL, 0, 0, 0};
}

void places_open_primary_stack(struct stack *stack, const struct report *report, const struct finding *finding)
{
    struct places places;
    places_open(&places, report, finding);
    struct context_id context = places.count == 0 ? (struct context_id){0} : places.items[places.primary].context;
    places_close(&places);
    stack_open(stack, report->world, report->symbolizer, context);
}
