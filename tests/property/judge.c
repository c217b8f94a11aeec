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

/* --- Who waits for whom --- */

/* Whether `waiting` reads what `holding` reads, and would let a writer that waits go first. */
static bool would_wait_behind_writer(const struct judge *judge, const struct judge_step *waiting,
                                     const struct judge_step *holding)
{
    const struct lock *lock = &judge->world->locks[waiting->dependency->lock.index];
    return waiting->dependency->lock.index == judge_held_lock(holding) && (lock->flags & TRACE_LOCK_PREFERS_WRITER) != 0 &&
           !judge_modes_exclude(waiting->dependency->mode, judge_held_mode(holding));
}

/* Whether `waiting` wants what `holding` holds and has to wait for it, if only because a writer waits. */
static bool waits_for(const struct judge *judge, const struct judge_step *waiting, const struct judge_step *holding)
{
    if (waiting->dependency->lock.index != judge_held_lock(holding))
        return false;
    return judge_modes_exclude(waiting->dependency->mode, judge_held_mode(holding)) ||
           would_wait_behind_writer(judge, waiting, holding);
}

/* --- Writers: one more thread for each reader that waits for a reader --- */

/* The steps, then the writers found so far; each of these as a dependency that holds what the writer holds. */
struct crowd {
    struct judge_step members[2 * MOST_STEPS];
    struct dependency writers[2 * MOST_STEPS];
    uint32_t step_count, count;
};

static bool place_writers(const struct judge *judge, struct crowd *crowd, uint32_t step);

static bool try_writer(const struct judge *judge, struct crowd *crowd, uint32_t step, const struct dependency *from,
                       uint32_t held_count)
{
    uint32_t place = crowd->count;
    crowd->writers[place] = (struct dependency){.held = from->held, .held_count = held_count};
    for (uint32_t i = 0; i < from->witness_count; i++) {
        struct judge_step writer = {&crowd->writers[place], 0, from->witnesses[i].segment.index};
        bool fits = true;
        for (uint32_t member = 0; member < place; member++)
            fits = fits && judge_broken_rule(&judge->order, judge->world, &writer, &crowd->members[member]) == NULL;
        if (!fits)
            continue;
        crowd->members[place] = writer;
        crowd->count = place + 1;
        bool placed = place_writers(judge, crowd, step + 1);
        crowd->count = place;
        if (placed)
            return true;
    }
    return false;
}

static bool try_writers_of(const struct judge *judge, struct crowd *crowd, uint32_t step, uint32_t lock)
{
    for (uint32_t i = 1; i < judge->world->dependency_count; i++) {
        const struct dependency *from = &judge->world->dependencies[i];
        bool wants = from->held_count != 0 && from->lock.index == lock && from->mode == TRACE_MODE_EXCLUSIVE;
        if (wants && try_writer(judge, crowd, step, from, from->held_count))
            return true;
        for (uint32_t held = 0; held < from->held_count; held++) {
            bool holds = from->held[held].lock.index == lock && from->held[held].mode == TRACE_MODE_EXCLUSIVE;
            if (holds && try_writer(judge, crowd, step, from, held))
                return true;
        }
    }
    return false;
}

static bool place_writers(const struct judge *judge, struct crowd *crowd, uint32_t step)
{
    if (step == crowd->step_count)
        return true;
    const struct judge_step *waiting = &crowd->members[step], *holding = &crowd->members[(step + 1) % crowd->step_count];
    if (!would_wait_behind_writer(judge, waiting, holding))
        return place_writers(judge, crowd, step + 1);
    return try_writers_of(judge, crowd, step, waiting->dependency->lock.index);
}

static bool writers_can_be_there(const struct judge *judge, const struct judge_step *steps, uint32_t count)
{
    struct crowd crowd = {.step_count = count, .count = count};
    memcpy(crowd.members, steps, count * sizeof *steps);
    return place_writers(judge, &crowd, 0);
}

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
    if (count != 0 && !waits_for(judge, &judge->chain[count - 1], step))
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
    if (count + 1 >= 2 && waits_for(judge, step, &judge->chain[0]) && writers_can_be_there(judge, judge->chain, count + 1))
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

/* What a thread that wants what it holds has to do: NULL for go on, else the kind of finding. */
static const char *kind_of_self_deadlock(const struct judge *judge, const struct dependency *dependency, uint32_t held)
{
    const struct lock *lock = &judge->world->locks[dependency->lock.index];
    struct judge_step step = {dependency, held, 0};
    if (lock->kind == TRACE_LOCK_MUTEX_RECURSIVE || lock->kind == TRACE_LOCK_MUTEX_ERRORCHECK)
        return NULL;
    if (lock->kind != TRACE_LOCK_RWLOCK ||
        (dependency->mode == TRACE_MODE_EXCLUSIVE && judge_held_mode(&step) == TRACE_MODE_SHARED))
        return dependency->flags & TRACE_DEPENDENCY_TIMED ? "cycle" : "deadlock";
    for (uint32_t i = 0; i < dependency->witness_count; i++) {
        step.segment = dependency->witnesses[i].segment.index;
        if (would_wait_behind_writer(judge, &step, &step) && writers_can_be_there(judge, &step, 1))
            return "cycle";
    }
    return NULL;
}

/* Whether the dependency is a finding of its own; its kind and functions. */
static bool is_self_deadlock(const struct judge *judge, const struct dependency *dependency, char text[LINE])
{
    uint32_t held = 0;
    while (held < dependency->held_count && dependency->held[held].lock.index != dependency->lock.index)
        held++;
    const char *kind = held == dependency->held_count ? NULL : kind_of_self_deadlock(judge, dependency, held);
    if (kind == NULL)
        return false;
    char functions[LINE / 2];
    print_step(judge, &(struct judge_step){dependency, held, 0}, functions, sizeof functions);
    snprintf(text, LINE, "%s %s", kind, functions);
    return true;
}

static bool happens_without_time_out(const struct judge *judge, const char *text)
{
    for (uint32_t i = 1; i < judge->world->dependency_count; i++) {
        const struct dependency *dependency = &judge->world->dependencies[i];
        char other[LINE];
        if ((dependency->flags & TRACE_DEPENDENCY_TIMED) == 0 && is_self_deadlock(judge, dependency, other) &&
            strcmp(text, other) == 0)
            return true;
    }
    return false;
}

static void add_self_deadlocks(struct judge *judge, FILE *stream)
{
    for (uint32_t i = 1; i < judge->world->dependency_count; i++) {
        char text[LINE];
        if (is_self_deadlock(judge, &judge->world->dependencies[i], text))
            fprintf(stream, "%s%s\n", text, happens_without_time_out(judge, text) ? "" : " timed");
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
        if (!waits_for(judge, &steps[i], &steps[(i + 1) % count]))
            return "a step does not want what the next one holds";
        for (uint32_t j = 0; j < i; j++) {
            const char *broken = judge_broken_rule(&judge->order, judge->world, &steps[i], &steps[j]);
            if (broken != NULL)
                return broken;
        }
    }
    return writers_can_be_there(judge, steps, count) ? NULL : "rule 5: a reader waits for a reader, and no writer is there";
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
        steps[i] =
            (struct judge_step){&small->world->dependencies[from->dependency.index], from->held_index, from->segment.index};
        if (!is_witness(steps[i].dependency, from->segment.index) || judge_thread(judge.world, &steps[i]) != from->thread.index)
            return "a step's segment is no witness of its dependency in that thread";
        timed |= (steps[i].dependency->flags & TRACE_DEPENDENCY_TIMED) != 0;
    }
    if (timed != finding->needs_timeout_to_end)
        return "the finding says wrongly whether it needs a time-out";
    return broken_by_steps(&judge, steps, finding->step_count);
}
