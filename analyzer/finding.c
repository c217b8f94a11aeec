#include "finding.h"

#include <inttypes.h>

#include "allocate.h"

static const struct {
    const char *name;
    bool fails_by_default;
} kinds[FINDING_KIND_COUNT] = {
    [FINDING_DEADLOCK] = {"deadlock", true}, [FINDING_CYCLE] = {"cycle", true},   [FINDING_ORDER] = {"order", true},
    [FINDING_HAZARD] = {"hazard", false},    [FINDING_MISUSE] = {"misuse", true},
};

static const char *const certainties[] = {
    [CERTAINTY_PREDICTED] = "predicted", [CERTAINTY_PROVEN] = "proven", [CERTAINTY_HAPPENED] = "happened"};

const char *finding_kind_name(enum finding_kind kind)
{
    return kinds[kind].name;
}

const char *finding_certainty_name(enum finding_certainty certainty)
{
    return certainties[certainty];
}

bool finding_fails_by_default(enum finding_kind kind)
{
    return kinds[kind].fails_by_default;
}

void findings_free(struct findings *findings)
{
    if (findings == NULL)
        return;
    for (uint32_t i = 0; i < findings->count; i++) {
        struct finding *finding = &findings->items[i];
        free(finding->subkind);
        free(finding->fingerprint);
        free(finding->title);
        free(finding->suggestion);
        free(finding->steps);
    }
    free(findings->items);
    free(findings);
}

/* --- The title --- */

/* Everything that a sentence about a finding needs. */
struct title {
    const struct world *world;
    const struct finding *finding;
    finding_lock_name *lock_name;
    void *closure;
};

static const char *held_name(const struct title *title, uint32_t step)
{
    const struct finding_step *this_step = &title->finding->steps[step];
    const struct dependency *dependency = &title->world->dependencies[this_step->dependency.index];
    return title->lock_name(title->closure, dependency->held[this_step->held_index].lock);
}

static const char *thread_name(const struct title *title, uint32_t step)
{
    return title->world->threads[title->finding->steps[step].thread.index].name;
}

/* A name is worth saying where it tells the two threads apart. */
static bool has_distinct_names(const struct title *title)
{
    return *thread_name(title, 0) != '\0' && *thread_name(title, 1) != '\0' &&
           strcmp(thread_name(title, 0), thread_name(title, 1)) != 0;
}

static char *title_of_self(const struct title *title)
{
    const char *name = thread_name(title, 0), *lock = held_name(title, 0);
    const char *thread = *name == '\0' ? "a thread" : name;
    if (title->finding->needs_timeout_to_end)
        return allocate_text("%s waits until a time-out for %s, which it holds itself", thread, lock);
    return allocate_text("%s waits for %s, which it holds itself", thread, lock);
}

static const char *what_can_happen(const struct title *title)
{
    return title->finding->needs_timeout_to_end ? "can stall until a time-out" : "can deadlock";
}

static char *title_of_two(const struct title *title)
{
    bool distinct = has_distinct_names(title);
    return allocate_text("2 threads %s: %s holds %s and wants %s, %s the other way round", what_can_happen(title),
                         distinct ? thread_name(title, 0) : "one", held_name(title, 0), held_name(title, 1),
                         distinct ? thread_name(title, 1) : "another");
}

/* "one holds X and wants Y" */
static char *text_of_step(const struct title *title, uint32_t index, const char *thread)
{
    const struct finding_step *step = &title->finding->steps[index];
    const struct dependency *dependency = &title->world->dependencies[step->dependency.index];
    char *held = allocate_copy(held_name(title, index));
    char *text = allocate_text("%s holds %s and wants %s", thread, held, title->lock_name(title->closure, dependency->lock));
    free(held);
    return text;
}

/* Two examples; a ring of more classes has more steps below the title. */
static char *title_of_order(const struct title *title)
{
    const struct finding *finding = title->finding;
    bool one_class = strcmp(finding->subkind, FINDING_ONE_CLASS) == 0, distinct = has_distinct_names(title);
    char *first = text_of_step(title, 0, distinct ? thread_name(title, 0) : "one thread");
    char *second = text_of_step(title, 1, distinct ? thread_name(title, 1) : finding->advisory ? "the same" : "another");
    char *what = one_class ? allocate_copy("locks of one class are taken in no consistent order")
                           : allocate_text("locks of %" PRIu32 " classes are taken in a circular order", finding->step_count);
    char *text = allocate_text("%s: %s, %s; %s they %s", what, first, second,
                               finding->advisory ? "in two threads, and on the same locks," : "on the same locks,",
                               what_can_happen(title));
    free(first);
    free(second);
    free(what);
    return text;
}

enum { LOCKS_IN_A_TITLE = 6 };

static char *title_of_many(const struct title *title)
{
    uint32_t count = title->finding->step_count, shown = count <= LOCKS_IN_A_TITLE ? count : LOCKS_IN_A_TITLE - 1;
    char *locks = allocate_copy(held_name(title, 0));
    for (uint32_t i = 1; i < shown; i++) {
        char *longer = allocate_text("%s, %s", locks, held_name(title, i));
        free(locks);
        locks = longer;
    }
    char *more = shown == count ? allocate_copy("") : allocate_text(" and %" PRIu32 " more", count - shown);
    char *text = allocate_text("%" PRIu32 " threads %s: each holds one of %s%s and wants the next, the last the first", count,
                               what_can_happen(title), locks, more);
    free(more);
    free(locks);
    return text;
}

char *finding_title(const struct world *world, const struct finding *finding, finding_lock_name *lock_name, void *closure)
{
    struct title title = {world, finding, lock_name, closure};
    if (finding->step_count == 1)
        return title_of_self(&title);
    if (finding->kind == FINDING_ORDER)
        return title_of_order(&title);
    return finding->step_count == 2 ? title_of_two(&title) : title_of_many(&title);
}
