#include "learnt_order.h"

#include <inttypes.h>

#include "allocate.h"
#include "order_file.h"
#include "report/program_text.h"
#include "report/stack.h"
#include <uthash.h>

/* --- Finding --- */

struct entry {
    const char *names[2]; /* key: equal names of one role are one pointer */
    uint32_t pair;
    UT_hash_handle hh;
};

struct collector {
    const struct world *world;
    const struct lock_roles *roles;
    struct learnt_order order;
    struct entry *entries;
};

static struct learnt_pair *find_or_add(struct collector *collector, const char *before, const char *after)
{
    const char *names[2] = {before, after};
    struct entry *entry;
    HASH_FIND(hh, collector->entries, names, sizeof names, entry);
    if (entry != NULL)
        return &collector->order.pairs[entry->pair];
    struct learnt_order *order = &collector->order;
    entry = allocate_zeroed(1, sizeof *entry);
    memcpy(entry->names, names, sizeof names);
    entry->pair = order->count;
    HASH_ADD(hh, collector->entries, names, sizeof entry->names, entry);
    order->pairs = allocate_grown(order->pairs, order->count, sizeof *order->pairs);
    order->pairs[order->count] = (struct learnt_pair){.before = before, .after = after};
    return &order->pairs[order->count++];
}

static void append_use(struct learnt_pair *pair, uint32_t dependency, uint32_t held)
{
    pair->uses = allocate_grown(pair->uses, pair->use_count, 2 * sizeof *pair->uses);
    pair->uses[2 * (size_t)pair->use_count] = dependency;
    pair->uses[2 * (size_t)pair->use_count + 1] = held;
    pair->use_count++;
}

static void collect(struct collector *collector, uint32_t index, uint32_t held)
{
    const struct dependency *dependency = &collector->world->dependencies[index];
    struct lock_id lock = dependency->held[held].lock;
    if (lock.index == dependency->lock.index)
        return;
    const char *before = lock_roles_name(collector->roles, lock), *after = lock_roles_name(collector->roles, dependency->lock);
    if (before == NULL || after == NULL) {
        collector->order.nameless++;
        return;
    }
    struct learnt_pair *pair = find_or_add(collector, before, after);
    append_use(pair, index, held);
    for (uint32_t i = 0; i < dependency->witness_count; i++)
        pair->count += dependency->witnesses[i].count;
}

static int compare_pairs(const void *left, const void *right)
{
    const struct learnt_pair *a = left, *b = right;
    int before = strcmp(a->before, b->before);
    return before != 0 ? before : strcmp(a->after, b->after);
}

/* Roles of several processes have equal names. */
static void unite_equal(struct learnt_order *order)
{
    uint32_t kept = 0;
    for (uint32_t i = 0; i < order->count; i++) {
        struct learnt_pair pair = order->pairs[i];
        if (kept == 0 || compare_pairs(&order->pairs[kept - 1], &pair) != 0) {
            order->pairs[kept++] = pair;
            continue;
        }
        struct learnt_pair *first = &order->pairs[kept - 1];
        first->count += pair.count;
        for (uint32_t use = 0; use < pair.use_count; use++)
            append_use(first, pair.uses[2 * (size_t)use], pair.uses[2 * (size_t)use + 1]);
        free(pair.uses);
    }
    order->count = kept;
}

struct learnt_order learnt_order_find(const struct world *world, const struct lock_roles *roles)
{
    struct collector collector = {.world = world, .roles = roles};
    for (uint32_t i = 1; i < world->dependency_count; i++) {
        for (uint32_t held = 0; held < world->dependencies[i].held_count; held++)
            collect(&collector, i, held);
    }
    struct entry *entry, *next;
    HASH_ITER(hh, collector.entries, entry, next)
    {
        HASH_DEL(collector.entries, entry);
        free(entry);
    }
    if (collector.order.count != 0)
        qsort(collector.order.pairs, collector.order.count, sizeof *collector.order.pairs, compare_pairs);
    unite_equal(&collector.order);
    return collector.order;
}

void learnt_order_clear(struct learnt_order *order)
{
    for (uint32_t i = 0; i < order->count; i++)
        free(order->pairs[i].uses);
    free(order->pairs);
    *order = (struct learnt_order){0};
}

/* --- Writing --- */

/* "transfer (bank.c)": without a line, which every edit above it would change. */
static char *place_text(const struct report *report, struct context_id context)
{
    struct stack stack;
    stack_open(&stack, report->world, report->symbolizer, context);
    const struct stack_line *line = stack.count == 0 ? NULL : &stack.lines[stack.place];
    char *text;
    if (line == NULL || line->function[0] == '\0')
        text = stack_place_text(&stack);
    else
        text = allocate_text("%s (%s)", line->function, stack_base_name(line->file[0] != '\0' ? line->file : line->module));
    stack_close(&stack);
    return text;
}

char *learnt_order_example(const struct learnt_pair *pair, const struct report *report)
{
    char *place = place_text(report, report->world->dependencies[pair->uses[0]].context);
    char *text = allocate_text("%" PRIu64 " time%s, in %s", pair->count, pair->count == 1 ? "" : "s", place);
    free(place);
    return text;
}

static int compare_counts(const void *left, const void *right)
{
    const struct learnt_pair *a = *(const struct learnt_pair *const *)left, *b = *(const struct learnt_pair *const *)right;
    if (a->count != b->count)
        return a->count > b->count ? -1 : 1;
    return compare_pairs(a, b);
}

/* Which pairs, by index, agree with all that were seen more often. The caller frees. */
static bool *find_agreeing(const struct learnt_order *order)
{
    bool *agrees = allocate_zeroed(order->count, sizeof *agrees);
    const struct learnt_pair **sorted = allocate_zeroed(order->count, sizeof *sorted);
    struct order_graph *graph = order_graph_new();
    for (uint32_t i = 0; i < order->count; i++)
        sorted[i] = &order->pairs[i];
    if (order->count != 0)
        qsort(sorted, order->count, sizeof *sorted, compare_counts);
    for (uint32_t i = 0; i < order->count; i++)
        agrees[sorted[i] - order->pairs] = order_graph_add(graph, sorted[i]->before, sorted[i]->after);
    order_graph_free(graph);
    free(sorted);
    return agrees;
}

static void write_pair(const struct learnt_pair *pair, const struct report *report, bool agrees, FILE *stream)
{
    char *example = learnt_order_example(pair, report);
    if (!agrees)
        fputs("# against the other lines: ", stream);
    order_file_print_name(stream, pair->before);
    fputs(" before ", stream);
    order_file_print_name(stream, pair->after);
    fputs("  # ", stream);
    program_text_print(stream, example);
    fputc('\n', stream);
    free(example);
}

void learnt_order_write(const struct learnt_order *order, const struct report *report, FILE *stream)
{
    bool *agrees = find_agreeing(order);
    for (uint32_t i = 0; i < order->count; i++)
        write_pair(&order->pairs[i], report, agrees[i], stream);
    if (order->nameless != 0)
        fprintf(stream, "# left out: %" PRIu32 " orders of locks that have no name of their own\n", order->nameless);
    free(agrees);
}
