#include "finding.h"

#include <inttypes.h>

#include "allocate.h"
#include "event_words.h"

static const struct {
    const char *name;
    bool fails_by_default;
} kinds[FINDING_KIND_COUNT] = {
    [FINDING_DEADLOCK] = {"deadlock", true}, [FINDING_CYCLE] = {"cycle", true},   [FINDING_ORDER] = {"order", true},
    [FINDING_HAZARD] = {"hazard", false},    [FINDING_MISUSE] = {"misuse", true},
};

static const char *const certainties[] = {
    [CERTAINTY_PREDICTED] = "predicted", [CERTAINTY_PROVEN] = "proven", [CERTAINTY_HAPPENED] = "happened"};

static const char *const statuses[FINDING_STATUS_COUNT] = {
    [FINDING_NEW] = "new", [FINDING_BASELINED] = "baselined", [FINDING_SUPPRESSED] = "suppressed"};

const char *finding_kind_name(enum finding_kind kind)
{
    return kinds[kind].name;
}

const char *finding_certainty_name(enum finding_certainty certainty)
{
    return certainties[certainty];
}

const char *finding_status_name(enum finding_status status)
{
    return statuses[status];
}

bool finding_fails_by_default(enum finding_kind kind)
{
    return kinds[kind].fails_by_default;
}

struct finding_step finding_step_of(const struct world *world, struct dependency_id id, uint32_t held_index,
                                    struct segment_id segment, uint64_t count)
{
    const struct dependency *dependency = &world->dependencies[id.index];
    return (struct finding_step){.thread = world->segments[segment.index].thread,
                                 .holds = dependency->held[held_index],
                                 .wants = {dependency->lock, dependency->context, dependency->mode},
                                 .count = count,
                                 .flags = dependency->flags,
                                 .dependency = id,
                                 .held_index = held_index,
                                 .segment = segment};
}

char *finding_subkind_of_threads(uint32_t step_count)
{
    static const char *const words[] = {[2] = "two", [3] = "three", [4] = "four", [5] = "five", [6] = "six"};
    if (step_count < sizeof words / sizeof words[0] && words[step_count] != NULL)
        return allocate_text("%s threads", words[step_count]);
    return allocate_text("%" PRIu32 " threads", step_count);
}

struct process_id finding_process(const struct world *world, const struct finding *finding)
{
    if (finding->step_count == 0)
        return (struct process_id){0};
    const struct finding_step *step = &finding->steps[0];
    if (step->thread.index != 0)
        return world->threads[step->thread.index].process;
    struct lock_id lock = step->wants.lock.index != 0 ? step->wants.lock : step->holds.lock;
    return world->locks[lock.index].process;
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
        free(finding->status_reason);
        free(finding->steps);
        free(finding->schedule);
    }
    free(findings->items);
    free(findings);
}

uint64_t finding_count(const struct finding *finding)
{
    uint64_t total = 0;
    for (uint32_t i = 0; i < finding->step_count; i++)
        total += finding->steps[i].count;
    return total;
}

static int compare_findings(const void *left, const void *right)
{
    const struct finding *a = left, *b = right;
    uint64_t a_count = finding_count(a), b_count = finding_count(b);
    if (a->is_elsewhere != b->is_elsewhere)
        return b->is_elsewhere ? -1 : 1;
    if (a->kind != b->kind)
        return a->kind < b->kind ? -1 : 1;
    if (a->step_count != b->step_count)
        return a->step_count < b->step_count ? -1 : 1;
    if (a_count != b_count)
        return a_count > b_count ? -1 : 1;
    return strcmp(a->fingerprint, b->fingerprint);
}

void findings_sort(struct findings *findings)
{
    if (findings->count != 0)
        qsort(findings->items, findings->count, sizeof *findings->items, compare_findings);
}

uint32_t findings_count_of(const struct findings *findings, enum finding_status status)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < findings->count; i++)
        count += findings->items[i].status == status;
    return count;
}

/* --- The title --- */

/* Everything that a sentence about a finding needs. */
struct title {
    const struct world *world;
    const struct finding *finding;
    finding_lock_name *lock_name;
    void *closure;
};

static const struct finding_step *step_of(const struct title *title, uint32_t step)
{
    return &title->finding->steps[step];
}

static const char *name_of_lock(const struct title *title, struct lock_id lock)
{
    return lock.index == 0 ? "a lock" : title->lock_name(title->closure, lock);
}

static const char *held_name(const struct title *title, uint32_t step)
{
    return name_of_lock(title, step_of(title, step)->holds.lock);
}

static const char *thread_name(const struct title *title, uint32_t step)
{
    return title->world->threads[step_of(title, step)->thread.index].name;
}

static const char *name_or(const struct title *title, struct thread_id thread, const char *otherwise)
{
    const char *name = title->world->threads[thread.index].name;
    return *name == '\0' ? otherwise : name;
}

/* A name is worth saying where it tells the two threads apart. */
static bool has_distinct_names(const struct title *title)
{
    return *thread_name(title, 0) != '\0' && *thread_name(title, 1) != '\0' &&
           strcmp(thread_name(title, 0), thread_name(title, 1)) != 0;
}

static char *title_of_self(const struct title *title)
{
    const struct finding_step *step = step_of(title, 0);
    const char *thread = name_or(title, step->thread, "a thread"), *lock = name_of_lock(title, step->wants.lock);
    if (step->wants.lock.index == 0)
        return allocate_text("%s waits for its own end", thread);
    if (title->finding->certainty == CERTAINTY_PREDICTED)
        return allocate_text("%s can deadlock alone: it takes %s twice for reading, and waits for a writer that comes in between",
                             thread, lock);
    if (title->finding->needs_timeout_to_end)
        return allocate_text("%s waits until a time-out for %s, which it holds itself", thread, lock);
    return allocate_text("%s waits for %s, which it holds itself", thread, lock);
}

static const char *what_can_happen(const struct title *title)
{
    if (title->finding->kind == FINDING_DEADLOCK)
        return "are deadlocked";
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
    char *held = allocate_copy(held_name(title, index));
    char *text = allocate_text("%s holds %s and wants %s", thread, held, name_of_lock(title, step_of(title, index)->wants.lock));
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

/* Whether each thread holds one lock and wants that of the next. */
static bool is_ring_of_locks(const struct finding *finding)
{
    if (finding->across_runs) /* there, each process has its own */
        return true;
    for (uint32_t i = 0; i < finding->step_count; i++) {
        const struct finding_step *step = &finding->steps[i], *next = &finding->steps[(i + 1) % finding->step_count];
        if (step->wants.lock.index == 0 || step->wants.lock.index != next->holds.lock.index)
            return false;
    }
    return true;
}

/* "waits for the end of worker", "waits for journal, held by worker". */
static char *wait_text(const struct title *title, uint32_t index, const char *next_thread)
{
    const struct finding *finding = title->finding;
    const struct finding_step *step = &finding->steps[index], *next = &finding->steps[(index + 1) % finding->step_count];
    if (step->wants.lock.index == 0)
        return allocate_text("waits for the end of %s", next_thread);
    return allocate_text("waits for %s, %s %s", name_of_lock(title, step->wants.lock),
                         next->holds.lock.index == step->wants.lock.index ? "held by" : "behind", next_thread);
}

/* "right waits for ever for journal, which left held when it ended". */
static char *title_of_wait_for_gone(const struct title *title)
{
    const struct finding_step *gone = step_of(title, 1);
    const char *waiter = name_or(title, step_of(title, 0)->thread, "a thread"), *lock = held_name(title, 1);
    if (gone->thread.index == 0)
        return allocate_text("%s waits for ever for %s, held by a thread that is gone", waiter, lock);
    return allocate_text("%s waits for ever for %s, which %s held when it ended", waiter, lock,
                         name_or(title, gone->thread, "another thread"));
}

/* The name of the thread that step `index` waits for. */
static const char *next_name(const struct title *title, uint32_t index)
{
    uint32_t count = title->finding->step_count;
    if (index + 1 == count)
        return name_or(title, step_of(title, 0)->thread, "the first");
    return name_or(title, step_of(title, index + 1)->thread,
                   finding_step_is_gone(step_of(title, index + 1)) ? "a thread that is gone" : "another");
}

/* "2 threads are deadlocked: main waits for the end of worker, which waits for journal, held by main". */
static char *title_of_chain(const struct title *title)
{
    uint32_t count = title->finding->step_count;
    bool last_is_gone = finding_step_is_gone(step_of(title, count - 1));
    uint32_t waiters = last_is_gone ? count - 1 : count;
    const char *first = name_or(title, step_of(title, 0)->thread, "one");
    char *text = allocate_text("%" PRIu32 " threads %s: %s", waiters, what_can_happen(title), first);
    for (uint32_t i = 0; i < waiters; i++) {
        char *wait = wait_text(title, i, next_name(title, i));
        char *longer = allocate_text("%s%s %s", text, i == 0 ? "" : ", which", wait);
        free(wait);
        free(text);
        text = longer;
    }
    bool has_name = *thread_name(title, count - 1) != '\0';
    char *whole = allocate_text("%s%s", text, last_is_gone && has_name ? ", which is gone" : "");
    free(text);
    return whole;
}

static char *title_of_event(const struct title *title, const struct event_words *words)
{
    const struct finding_step *step = step_of(title, 0);
    bool same = step->other_thread.index == step->thread.index;
    struct event_names names = {.thread = name_or(title, step->thread, "a thread"),
                                .other = same ? "the same thread" : name_or(title, step->other_thread, "another thread"),
                                .wants = name_of_lock(title, step->wants.lock),
                                .holds = name_of_lock(title, step->holds.lock),
                                .signal = title->finding->event_detail};
    return event_sentence(words->title, &names);
}

char *finding_title(const struct world *world, const struct finding *finding, finding_lock_name *lock_name, void *closure)
{
    struct title title = {world, finding, lock_name, closure};
    const struct event_words *words = event_words_of(finding->event);
    if (words != NULL)
        return title_of_event(&title, words);
    if (finding->step_count == 1)
        return title_of_self(&title);
    if (finding->step_count == 2 && finding_step_is_gone(&finding->steps[1]))
        return title_of_wait_for_gone(&title);
    if (finding->kind == FINDING_ORDER)
        return title_of_order(&title);
    if (!is_ring_of_locks(finding))
        return title_of_chain(&title);
    return finding->step_count == 2 ? title_of_two(&title) : title_of_many(&title);
}
