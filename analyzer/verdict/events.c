#include "events.h"

#include "allocate.h"
#include "event_words.h"

/* A conflict without a lock of its own is about the lock that is wanted. */
static struct finding_step step_of_event(const struct event_step *from)
{
    struct finding_step step = {
        .thread = from->thread, .holds = from->holds, .wants = from->wants, .other_thread = from->other_thread};
    if (step.holds.lock.index == 0 && step.holds.context.index != 0)
        step.holds.lock = step.wants.lock;
    return step;
}

static bool is_wait(const struct event_step *step)
{
    return step->thread.index != 0 && (step->wants.lock.index != 0 || step->other_thread.index != 0);
}

/* Whether everybody waits, but for the last one, who may be gone with the lock that the one before wants. */
static bool is_deadlock(const struct event *event)
{
    for (uint32_t i = 0; i < event->step_count; i++) {
        const struct event_step *step = &event->steps[i];
        bool is_gone = i != 0 && i + 1 == event->step_count && step->wants.lock.index == 0 && step->holds.lock.index != 0;
        if (!is_gone && !is_wait(step))
            return false;
    }
    return true;
}

static char *deadlock_subkind(const struct event *event)
{
    if (event->step_count == 1)
        return allocate_copy("self");
    return is_wait(&event->steps[event->step_count - 1]) ? finding_subkind_of_threads(event->step_count)
                                                         : allocate_copy("owner gone");
}

bool event_make_finding(const struct event *event, struct finding *finding)
{
    const struct event_words *words = event_words_of(event->kind);
    bool deadlock = event->kind == TRACE_EVENT_DEADLOCK;
    if (event->step_count == 0 || (deadlock ? !is_deadlock(event) : words == NULL))
        return false;
    *finding = (struct finding){.kind = deadlock ? FINDING_DEADLOCK : words->finding,
                                .certainty = deadlock ? CERTAINTY_HAPPENED : words->certainty,
                                .event = event->kind,
                                .event_detail = event->detail,
                                .subkind = deadlock ? deadlock_subkind(event) : allocate_copy(words->subkind),
                                .step_count = deadlock ? event->step_count : 1,
                                .occurrences = 1};
    finding->steps = allocate_zeroed(finding->step_count, sizeof *finding->steps);
    for (uint32_t i = 0; i < finding->step_count; i++)
        finding->steps[i] = step_of_event(&event->steps[i]);
    return true;
}

static char *fingerprint_of(struct fingerprinter *fingerprinter, const struct finding *finding)
{
    uint64_t *steps = allocate_zeroed(finding->step_count, sizeof *steps);
    for (uint32_t i = 0; i < finding->step_count; i++)
        steps[i] = fingerprint_sides(fingerprinter, &finding->steps[i].holds, &finding->steps[i].wants);
    char *text = fingerprint_text(fingerprint_event(finding->kind, finding->event, steps, finding->step_count));
    free(steps);
    return text;
}

struct findings *events_find_deadlocks(const struct world *world, struct fingerprint_names names, uint32_t skipped)
{
    struct findings *findings = allocate_zeroed(1, sizeof *findings);
    struct fingerprinter *fingerprinter = fingerprinter_new(world, names);
    for (uint32_t i = 1; i < world->event_count; i++) {
        struct finding finding;
        if (world->events[i].kind != TRACE_EVENT_DEADLOCK || (skipped != 0 && skipped-- != 0) ||
            !event_make_finding(&world->events[i], &finding))
            continue;
        finding.fingerprint = fingerprint_of(fingerprinter, &finding);
        findings->items = allocate_grown(findings->items, findings->count, sizeof *findings->items);
        findings->items[findings->count++] = finding;
    }
    fingerprinter_free(fingerprinter);
    return findings;
}
