#include "suggestion.h"

#include <inttypes.h>

#include "allocate.h"
#include "event_words.h"

static bool is_clearly_more(uint64_t more, uint64_t less)
{
    return less != 0 && more / SUGGESTION_CLEARLY_MORE >= less;
}

/* Nobody can choose when an initialiser or the dynamic loader takes its lock. */
static bool has_an_order_to_choose(const struct world *world, struct lock_id lock)
{
    enum trace_lock_kind kind = world->locks[lock.index].kind;
    return lock.index != 0 && kind != TRACE_LOCK_ONCE && kind != TRACE_LOCK_GUARD && kind != TRACE_LOCK_LOADER;
}

static char *suggestion_of_event(const struct finding *finding, const struct event_words *words, finding_lock_name *lock_name,
                                 void *closure)
{
    const struct finding_step *step = &finding->steps[0];
    if (words->suggestion == NULL)
        return NULL;
    struct event_names names = {.thread = "the thread", .other = "the other thread", .signal = finding->event_detail};
    names.wants = step->wants.lock.index == 0 ? "the lock" : lock_name(closure, step->wants.lock);
    names.holds = step->holds.lock.index == 0 ? "the lock" : lock_name(closure, step->holds.lock);
    return event_sentence(words->suggestion, &names);
}

char *suggestion_text(const struct world *world, const struct finding *finding, finding_lock_name *lock_name, void *closure)
{
    const struct event_words *words = event_words_of(finding->event);
    if (words != NULL)
        return suggestion_of_event(finding, words, lock_name, closure);
    if (finding->kind == FINDING_ORDER && strcmp(finding->subkind, FINDING_ONE_CLASS) == 0)
        return allocate_copy("take two locks of this class in one order everywhere: that of their addresses, or of any key that "
                             "no two of them share");
    if (finding->kind == FINDING_ORDER || finding->step_count != 2)
        return NULL;
    const struct finding_step *usual = &finding->steps[0], *other = &finding->steps[1];
    if (usual->count < other->count) {
        usual = &finding->steps[1];
        other = &finding->steps[0];
    }
    if (!is_clearly_more(usual->count, other->count) || !has_an_order_to_choose(world, usual->holds.lock) ||
        !has_an_order_to_choose(world, other->holds.lock))
        return NULL;
    return allocate_text("take %s before %s everywhere: that order was seen %" PRIu64 " times, the other %" PRIu64 " time%s",
                         lock_name(closure, usual->holds.lock), lock_name(closure, other->holds.lock), usual->count, other->count,
                         other->count == 1 ? "" : "s");
}
