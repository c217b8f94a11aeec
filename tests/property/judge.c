/* Every sequence of (dependency, held lock, witness), each wanting what the next one holds and the last what the first holds, is
 * tried and checked against the rules as docs/verdict.md states them. */
#include "judge.h"

#include "allocate.h"
#include "judge_rules.h"

enum { MOST_STEPS = 8, LINE = 200 };

/* A way to have a finding. */
struct result {
    char text[LINE];  /* functions of the steps, rotated */
    char steps[LINE]; /* the set of its steps */
    uint32_t step_count;
    bool timed;
};

struct judge {
    const struct small_world *small;
    const struct world *world;
    struct judge_order order;
    struct judge_step chain[MOST_STEPS];
    struct result *results;
    uint32_t result_count;
};

/* --- Results --- */

static const char *function_of(const struct judge *judge, struct context_id context)
{
    return judge->small->functions[judge->world->contexts[context.index].frames[0].address];
}

static void print_step(const struct judge *judge, const struct judge_step *step, char *text, size_t size)
{
    snprintf(text, size, "%s-%s", function_of(judge, step->dependency->held[step->held_index].context),
             function_of(judge, step->dependency->context));
}

/* Words in the order from `start` on. */
static void join_words(char words[MOST_STEPS][LINE], uint32_t count, uint32_t start, char text[LINE])
{
    text[0] = '\0';
    for (uint32_t i = 0; i < count; i++) {
        size_t length = strlen(text);
        snprintf(text + length, LINE - length, "%s%s", i == 0 ? "" : " ", words[(start + i) % count]);
    }
}

static void least_rotation(char words[MOST_STEPS][LINE], uint32_t count, char text[LINE])
{
    join_words(words, count, 0, text);
    for (uint32_t start = 1; start < count; start++) {
        char other[LINE];
        join_words(words, count, start, other);
        if (strcmp(other, text) < 0)
            memcpy(text, other, LINE);
    }
}

static int compare_words(const void *left, const void *right)
{
    return strcmp(left, right);
}

static void set_of(char words[MOST_STEPS][LINE], uint32_t count, char text[LINE])
{
    char sorted[MOST_STEPS][LINE];
    uint32_t kept = 0;
    memcpy(sorted, words, count * sizeof sorted[0]);
    qsort(sorted, count, sizeof sorted[0], compare_words);
    for (uint32_t i = 0; i < count; i++) {
        if (kept == 0 || strcmp(sorted[kept - 1], sorted[i]) != 0)
            memmove(sorted[kept++], sorted[i], LINE);
    }
    join_words(sorted, kept, 0, text);
}

static void add_result(struct judge *judge, uint32_t count)
{
    struct result result = {.step_count = count};
    char functions[MOST_STEPS][LINE];
    for (uint32_t i = 0; i < count; i++) {
        print_step(judge, &judge->chain[i], functions[i], LINE);
        result.timed |= (judge->chain[i].dependency->flags & TRACE_DEPENDENCY_TIMED) != 0;
    }
    least_rotation(functions, count, result.text);
    set_of(functions, count, result.steps);
    for (uint32_t i = 0; i < judge->result_count; i++) {
        if (strcmp(judge->results[i].text, result.text) == 0 && judge->results[i].timed == result.timed)
            return;
    }
    judge->results = allocate_grown(judge->results, judge->result_count, sizeof result);
    judge->results[judge->result_count++] = result;
}

/* --- All chains --- */

static bool fits(const struct judge *judge, uint32_t count, const struct judge_step *step)
{
    if (count != 0 && !judge_waits_for(judge->world, &judge->chain[count - 1], step))
        return false;
    for (uint32_t i = 0; i < count; i++) {
        if (judge_held_lock(&judge->chain[i]) == judge_held_lock(step) ||
            judge_broken_rule(&judge->order, judge->world, &judge->chain[i], step) != NULL)
            return false;
    }
    return true;
}

static void extend(struct judge *judge, uint32_t count);

static void try_step(struct judge *judge, uint32_t count, const struct judge_step *step)
{
    if (!fits(judge, count, step))
        return;
    judge->chain[count] = *step;
    if (count + 1 >= 2 && judge_waits_for(judge->world, step, &judge->chain[0]))
        add_result(judge, count + 1);
    extend(judge, count + 1);
}

/* Chains begin with the lowest held lock, so that each cycle comes from one place only. */
static bool begins_lower(const struct judge *judge, uint32_t count, uint32_t lock)
{
    return count == 0 || judge_held_lock(&judge->chain[0]) < lock;
}

/* Of a lock held twice, the first acquisition is the one that counts: without it, the second would not hold it either. */
static bool is_held_before(const struct dependency *dependency, uint32_t held)
{
    for (uint32_t i = 0; i < held; i++) {
        if (dependency->held[i].lock.index == dependency->held[held].lock.index)
            return true;
    }
    return false;
}

static void extend(struct judge *judge, uint32_t count)
{
    if (count == MOST_STEPS)
        return;
    for (uint32_t i = 1; i < judge->world->dependency_count; i++) {
        const struct dependency *dependency = &judge->world->dependencies[i];
        if (judge_waits_for_itself(dependency))
            continue;
        for (uint32_t held = 0; held < dependency->held_count; held++) {
            if (is_held_before(dependency, held) || !begins_lower(judge, count, dependency->held[held].lock.index))
                continue;
            for (uint32_t witness = 0; witness < dependency->witness_count; witness++)
                try_step(judge, count, &(struct judge_step){dependency, held, dependency->witnesses[witness].segment.index});
        }
    }
}

static void add_self_deadlocks(struct judge *judge, FILE *stream)
{
    for (uint32_t i = 1; i < judge->world->dependency_count; i++) {
        const struct dependency *dependency = &judge->world->dependencies[i];
        uint32_t held = 0;
        while (held < dependency->held_count && dependency->held[held].lock.index != dependency->lock.index)
            held++;
        enum trace_lock_kind kind = judge->world->locks[dependency->lock.index].kind;
        if (held == dependency->held_count || (kind != TRACE_LOCK_MUTEX && kind != TRACE_LOCK_MUTEX_ADAPTIVE))
            continue;
        bool timed = (dependency->flags & TRACE_DEPENDENCY_TIMED) != 0;
        char text[LINE];
        print_step(judge, &(struct judge_step){dependency, held, 0}, text, sizeof text);
        fprintf(stream, "%s %s%s\n", timed ? "cycle" : "deadlock", text, timed ? " timed" : "");
    }
}

/* --- From ways to findings --- */

/* A longer cycle that only repeats the steps of a shorter one is no finding of its own. */
static bool repeats_a_shorter_one(const struct judge *judge, const struct result *result)
{
    for (uint32_t i = 0; i < judge->result_count; i++) {
        if (judge->results[i].step_count < result->step_count && strcmp(judge->results[i].steps, result->steps) == 0)
            return true;
    }
    return false;
}

static bool is_first_of_its_text(const struct judge *judge, uint32_t index)
{
    for (uint32_t i = 0; i < index; i++) {
        if (strcmp(judge->results[i].text, judge->results[index].text) == 0)
            return false;
    }
    return true;
}

static bool needs_time_out(const struct judge *judge, const char *text)
{
    for (uint32_t i = 0; i < judge->result_count; i++) {
        if (strcmp(judge->results[i].text, text) == 0 && !judge->results[i].timed)
            return false;
    }
    return true;
}

static void print_findings(struct judge *judge, FILE *stream)
{
    for (uint32_t i = 0; i < judge->result_count; i++) {
        const struct result *result = &judge->results[i];
        if (is_first_of_its_text(judge, i) && !repeats_a_shorter_one(judge, result))
            fprintf(stream, "cycle %s%s\n", result->text, needs_time_out(judge, result->text) ? " timed" : "");
    }
}

static int compare_lines(const void *left, const void *right)
{
    return strcmp(*(char *const *)left, *(char *const *)right);
}

/* The lines of the text, which is freed, sorted, each once. */
static char *sort_lines(char *text)
{
    char *sorted = NULL, **lines = NULL, *rest = text, *line;
    size_t size, count = 0;
    while ((line = strsep(&rest, "\n")) != NULL) {
        lines = allocate_grown(lines, count, sizeof *lines);
        lines[count++] = line;
    }
    qsort(lines, count, sizeof *lines, compare_lines);
    FILE *stream = allocate_checked(open_memstream(&sorted, &size));
    for (size_t i = 0; i < count; i++) {
        if (*lines[i] != '\0' && (i == 0 || strcmp(lines[i - 1], lines[i]) != 0))
            fprintf(stream, "%s\n", lines[i]);
    }
    fclose(stream);
    free(lines);
    free(text);
    return sorted;
}

char *judge_world(const struct small_world *small)
{
    struct judge *judge = allocate_zeroed(1, sizeof *judge);
    char *text = NULL;
    size_t size;
    FILE *stream = allocate_checked(open_memstream(&text, &size));
    judge->small = small;
    judge->world = small->world;
    judge_order_close(&judge->order, judge->world);
    add_self_deadlocks(judge, stream);
    extend(judge, 0);
    print_findings(judge, stream);
    fclose(stream);
    free(judge->results);
    free(judge);
    return sort_lines(text);
}

char *judge_print(const struct small_world *small, const struct findings *findings)
{
    struct judge judge = {.small = small, .world = small->world};
    char *text = NULL;
    size_t size;
    FILE *stream = allocate_checked(open_memstream(&text, &size));
    for (uint32_t i = 0; i < findings->count; i++) {
        const struct finding *finding = &findings->items[i];
        char functions[MOST_STEPS][LINE], line[LINE];
        if (finding->kind == FINDING_ORDER)
            continue;
        for (uint32_t step = 0; step < finding->step_count; step++)
            print_step(&judge,
                       &(struct judge_step){&small->world->dependencies[finding->steps[step].dependency.index],
                                      finding->steps[step].held_index, 0},
                       functions[step], LINE);
        least_rotation(functions, finding->step_count, line);
        fprintf(stream, "%s %s%s\n", finding_kind_name(finding->kind), line, finding->needs_timeout_to_end ? " timed" : "");
    }
    fclose(stream);
    return sort_lines(text);
}

/* --- Steps of a finding --- */

static const char *broken_by_steps(const struct judge *judge, const struct judge_step *steps, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        if (!judge_waits_for(judge->world, &steps[i], &steps[(i + 1) % count]))
            return "a step does not want what the next one holds";
        for (uint32_t j = 0; j < i; j++) {
            const char *broken = judge_broken_rule(&judge->order, judge->world, &steps[i], &steps[j]);
            if (broken != NULL)
                return broken;
        }
    }
    return NULL;
}

static bool is_witness(const struct dependency *dependency, uint32_t segment)
{
    for (uint32_t i = 0; i < dependency->witness_count; i++) {
        if (dependency->witnesses[i].segment.index == segment)
            return true;
    }
    return false;
}

const char *judge_steps(const struct small_world *small, const struct finding *finding)
{
    struct judge judge = {.small = small, .world = small->world};
    struct judge_step steps[MOST_STEPS];
    bool timed = false;
    judge_order_close(&judge.order, judge.world);
    for (uint32_t i = 0; i < finding->step_count; i++) {
        const struct finding_step *from = &finding->steps[i];
        steps[i] = (struct judge_step){&small->world->dependencies[from->dependency.index], from->held_index, from->segment.index};
        if (!is_witness(steps[i].dependency, from->segment.index) || judge_thread(judge.world, &steps[i]) != from->thread.index)
            return "a step's segment is no witness of its dependency in that thread";
        timed |= (steps[i].dependency->flags & TRACE_DEPENDENCY_TIMED) != 0;
    }
    if (timed != finding->needs_timeout_to_end)
        return "the finding says wrongly whether it needs a time-out";
    return broken_by_steps(&judge, steps, finding->step_count);
}
