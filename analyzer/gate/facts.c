#include "facts.h"

#include "allocate.h"
#include "report/stack.h"

static const char *const names[FACT_KIND_COUNT] = {
    [FACT_KIND] = "kind", [FACT_FINGERPRINT] = "fingerprint", [FACT_FUNCTION] = "function",
    [FACT_FILE] = "file", [FACT_MODULE] = "module",           [FACT_LOCK] = "lock",
};

const char *fact_kind_name(enum fact_kind kind)
{
    return names[kind];
}

static void add(struct facts *facts, enum fact_kind kind, const char *text, bool is_essential)
{
    if (*text == '\0')
        return;
    facts->items = allocate_grown(facts->items, facts->count, sizeof *facts->items);
    facts->items[facts->count++] = (struct fact){kind, text, is_essential};
}

/* Whole, and without its folders. */
static void add_path(struct facts *facts, enum fact_kind kind, const char *path, bool is_essential)
{
    add(facts, kind, path, false);
    add(facts, kind, stack_base_name(path), is_essential);
}

static void add_line(struct facts *facts, const struct stack_line *line, bool is_essential)
{
    add(facts, FACT_FUNCTION, line->function, is_essential);
    add_path(facts, FACT_FILE, line->file, is_essential);
    add_path(facts, FACT_MODULE, line->module, is_essential);
}

static void add_side(struct facts *facts, const struct report *report, const struct held_lock *side)
{
    struct stack stack;
    stack_open(&stack, report->world, report->symbolizer, side->context);
    for (uint32_t i = 0; i < stack.count; i++)
        add_line(facts, &stack.lines[i], i == stack.place);
    stack_close(&stack);
    if (side->lock.index == 0)
        return;
    add(facts, FACT_LOCK, lock_names_name(report->lock_names, side->lock), false);
    add(facts, FACT_LOCK, lock_names_class(report->lock_names, side->lock), true);
}

struct facts facts_of(const struct report *report, const struct finding *finding)
{
    struct facts facts = {0};
    add(&facts, FACT_KIND, finding_kind_name(finding->kind), true);
    add(&facts, FACT_FINGERPRINT, finding->fingerprint, true);
    for (uint32_t i = 0; i < finding->step_count; i++) {
        add_side(&facts, report, &finding->steps[i].holds);
        add_side(&facts, report, &finding->steps[i].wants);
    }
    return facts;
}

void facts_clear(struct facts *facts)
{
    free(facts->items);
    *facts = (struct facts){0};
}
