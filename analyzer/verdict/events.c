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

static bool is_wait_of(const struct event_step *step)
{
    return step->thread.index != 0 && (step->wants.lock.index != 0 || step->other_thread.index != 0);
}

static bool is_deadlock(const struct event *event)
{
    for (uint32_t i = 0; i < event->step_count; i++) {
        if (!is_wait_of(&event->steps[i]))
            return false;
    }
    return event->step_count != 0;
}

/* Alone, a thread waits for itself, or for a lock whose owner has ended. */
static char *deadlock_subkind(const struct event *event)
{
    const struct event_step *step = &event->steps[0];
    bool of_itself = step->other_thread.index == 0 || step->other_thread.index == step->thread.index;
    if (event->step_count == 1)
        return allocate_copy(of_itself ? "self" : "owner ended");
    return finding_subkind_of_threads(event->step_count);
}

bool event_make_finding(const struct event *event, struct finding *finding)
{
    const struct event_words *words = event_words_of(event->kind);
    bool deadlock = event->kind == TRACE_EVENT_DEADLOCK;
    if (deadlock ? !is_deadlock(event) : words == NULL)
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
