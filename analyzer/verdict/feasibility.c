/* The search is plain backtracking in the order of the steps, ours, because few candidates are left once equal ones are merged,
 * and the first choice is nearly always good. Its worst case, exponential in the steps, is bounded by the work allowed. */
#include "feasibility.h"

#include "allocate.h"
#include "held_sets.h"

enum { WORK_TO_MAKE_A_CANDIDATE = 8 };

/* The threads that lock one lock exclusively, as far as that was seen: of a candidate, only the thread, the segment and what it
 * holds are used. */
struct writers {
    struct candidate *items;
    uint32_t count;
};

struct feasibility {
    const struct world *world;
    const struct graph *graph;
    struct segments *segments;
    struct fingerprinter *fingerprinter;
    uint64_t *work;
    struct pair_candidates **candidates; /* by pair; NULL: not made yet */
    struct held_sets *held_sets;
    struct choice *choices; /* room for one call, grown as needed */
    const struct candidate **next, **chosen;
    uint32_t room;
    uint32_t *thread_seen_in;     /* by thread: the last component that counted it */
    uint32_t *dependency_seen_in; /* by dependency */
    uint32_t component;
    struct writers *writers; /* by lock; empty where no reader waits for a reader */
    bool any_writers;
    const struct candidate **placed; /* writers, as many as there is room for */
};

static void spend(struct feasibility *feasibility, uint64_t work)
{
    *feasibility->work -= work < *feasibility->work ? work : *feasibility->work;
}

static const struct dependency *dependency_of(const struct feasibility *feasibility, struct dependency_id id)
{
    return &feasibility->world->dependencies[id.index];
}

static void find_writers(struct feasibility *feasibility);

struct feasibility *feasibility_new(const struct world *world, const struct graph *graph, struct segments *segments,
                                    struct fingerprinter *fingerprinter, uint64_t *work)
{
    struct feasibility *feasibility = allocate_zeroed(1, sizeof *feasibility);
    feasibility->world = world;
    feasibility->graph = graph;
    feasibility->segments = segments;
    feasibility->fingerprinter = fingerprinter;
    feasibility->work = work;
    feasibility->candidates = allocate_zeroed(graph->pair_count, sizeof(struct pair_candidates *));
    feasibility->held_sets = held_sets_new(world);
    feasibility->thread_seen_in = allocate_zeroed(world->thread_count, sizeof(uint32_t));
    feasibility->dependency_seen_in = allocate_zeroed(world->dependency_count, sizeof(uint32_t));
    feasibility->writers = allocate_zeroed(world->lock_count, sizeof *feasibility->writers);
    find_writers(feasibility);
    return feasibility;
}

static void free_candidates(struct pair_candidates *candidates)
{
    if (candidates == NULL)
        return;
    free(candidates->by_variant);
    free(candidates->variants);
    free(candidates->regardless);
    free(candidates);
}

void feasibility_free(struct feasibility *feasibility)
{
    if (feasibility == NULL)
        return;
    for (uint32_t i = 0; i < feasibility->graph->pair_count; i++)
        free_candidates(feasibility->candidates[i]);
    free(feasibility->candidates);
    held_sets_free(feasibility->held_sets);
    free(feasibility->choices);
    free(feasibility->next);
    free(feasibility->chosen);
    free(feasibility->thread_seen_in);
    free(feasibility->dependency_seen_in);
    for (uint32_t i = 0; i < feasibility->world->lock_count; i++)
        free(feasibility->writers[i].items);
    free(feasibility->writers);
    free(feasibility->placed);
    free(feasibility);
}

/* --- The rules --- */

bool feasibility_threads_differ(const struct candidate *left, const struct candidate *right)
{
    return left->thread.index != right->thread.index;
}

bool feasibility_shares_no_guard(struct feasibility *feasibility, const struct candidate *left, const struct candidate *right)
{
    const struct held_set *a = held_sets_get(feasibility->held_sets, left->held_set);
    const struct held_set *b = held_sets_get(feasibility->held_sets, right->held_set);
    uint32_t i = 0, j = 0;
    while (i < a->count && j < b->count) {
        if (a->members[i].lock < b->members[j].lock) {
            i = held_set_skip_below(a, i, b->members[j].lock);
        } else if (b->members[j].lock < a->members[i].lock) {
            j = held_set_skip_below(b, j, a->members[i].lock);
        } else {
            if (held_modes_exclude(a->members[i].mode, b->members[j].mode))
                return false;
            i++;
            j++;
        }
        spend(feasibility, 1);
    }
    return true;
}

bool feasibility_can_overlap(struct feasibility *feasibility, const struct candidate *left, const struct candidate *right)
{
    return segments_are_concurrent(feasibility->segments, left->segment, right->segment);
}

/* Whether both read a lock at which a reader may have to wait for a writer that waits for the other one. */
static bool reads_behind_writer(const struct feasibility *feasibility, const struct candidate *waiting,
                                const struct candidate *holding)
{
    return waiting->wanted.index == holding->held.index && !held_modes_exclude(waiting->wanted_mode, holding->held_mode) &&
           feasibility->writers[waiting->wanted.index].count != 0;
}

/* Whether `waiting` does not want what `holding` holds, or really has to wait for it. */
static bool has_to_wait(const struct feasibility *feasibility, const struct candidate *waiting, const struct candidate *holding)
{
    return waiting->wanted.index != holding->held.index || held_modes_exclude(waiting->wanted_mode, holding->held_mode) ||
           reads_behind_writer(feasibility, waiting, holding);
}

bool feasibility_blocks(const struct feasibility *feasibility, const struct candidate *left, const struct candidate *right)
{
    return has_to_wait(feasibility, left, right) && has_to_wait(feasibility, right, left);
}

/* --- Writers --- */

static void add_writer(struct feasibility *feasibility, uint32_t lock, struct segment_id segment, uint32_t held_set)
{
    struct writers *writers = &feasibility->writers[lock];
    struct candidate writer = {
        .segment = segment, .thread = feasibility->world->segments[segment.index].thread, .held_set = held_set};
    if (writer.thread.index == 0)
        return;
    for (uint32_t i = 0; i < writers->count; i++) {
        if (writers->items[i].segment.index == segment.index && writers->items[i].held_set == held_set)
            return;
    }
    writers->items = allocate_grown(writers->items, writers->count, sizeof *writers->items);
    writers->items[writers->count++] = writer;
    feasibility->any_writers = true;
}

/* Whoever wants the lock exclusively, while it holds the first `held_count` locks of the dependency. */
static void add_writers(struct feasibility *feasibility, const struct dependency *dependency, uint32_t lock, uint32_t held_count)
{
    if ((feasibility->world->locks[lock].flags & TRACE_LOCK_PREFERS_WRITER) == 0)
        return;
    uint32_t set = held_sets_of_list(feasibility->held_sets, dependency->held, held_count);
    for (uint32_t i = 0; i < dependency->witness_count; i++)
        add_writer(feasibility, lock, dependency->witnesses[i].segment, set);
}

/* A lock that is held exclusively has been wanted so before, while at least what is listed before it and is held still was held.
 */
static void find_writers(struct feasibility *feasibility)
{
    for (uint32_t i = 1; i < feasibility->world->dependency_count; i++) {
        const struct dependency *dependency = &feasibility->world->dependencies[i];
        if (dependency->held_count != 0 && dependency->mode == TRACE_MODE_EXCLUSIVE)
            add_writers(feasibility, dependency, dependency->lock.index, dependency->held_count);
        for (uint32_t held = 0; held < dependency->held_count; held++) {
            if (dependency->held[held].mode == TRACE_MODE_EXCLUSIVE)
                add_writers(feasibility, dependency, dependency->held[held].lock.index, held);
        }
    }
}

static bool fits_beside(struct feasibility *feasibility, const struct candidate *writer, const struct candidate *const *others,
                        uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        spend(feasibility, 1);
        if (!feasibility_threads_differ(writer, others[i]) || !feasibility_shares_no_guard(feasibility, writer, others[i]) ||
            !feasibility_can_overlap(feasibility, writer, others[i]))
            return false;
    }
    return true;
}

static bool needs_writer(const struct feasibility *feasibility, const struct candidate *const *steps, uint32_t count,
                         uint32_t step)
{
    for (uint32_t i = 0; i < count; i++) {
        if ((i != step || count == 1) && reads_behind_writer(feasibility, steps[step], steps[i]))
            return true;
    }
    return false;
}

/* Finds writers for the steps from `step` on; `placed` of them have been found for those before. */
static bool place_writers(struct feasibility *feasibility, const struct candidate *const *steps, uint32_t count, uint32_t step,
                          uint32_t placed)
{
    while (step < count && !needs_writer(feasibility, steps, count, step))
        step++;
    if (step == count)
        return true;
    const struct writers *writers = &feasibility->writers[steps[step]->wanted.index];
    for (uint32_t i = 0; i < writers->count && *feasibility->work != 0; i++) {
        const struct candidate *writer = &writers->items[i];
        if (!fits_beside(feasibility, writer, steps, count) || !fits_beside(feasibility, writer, feasibility->placed, placed))
            continue;
        feasibility->placed[placed] = writer;
        if (place_writers(feasibility, steps, count, step + 1, placed + 1))
            return true;
    }
    return false;
}

static void make_room(struct feasibility *feasibility, uint32_t count)
{
    while (feasibility->room < count) {
        feasibility->choices = allocate_grown(feasibility->choices, feasibility->room, sizeof(struct choice));
        feasibility->next = allocate_grown(feasibility->next, feasibility->room, sizeof(struct candidate *));
        feasibility->chosen = allocate_grown(feasibility->chosen, feasibility->room, sizeof(struct candidate *));
        feasibility->placed = allocate_grown(feasibility->placed, feasibility->room, sizeof(struct candidate *));
        feasibility->room++;
    }
}

bool feasibility_has_writers(struct feasibility *feasibility, const struct candidate *const *steps, uint32_t count)
{
    make_room(feasibility, count);
    return !feasibility->any_writers || place_writers(feasibility, steps, count, 0, 0);
}

/* --- The search --- */

/* Puts the candidate after the `count` chosen ones; true if it can stay there. */
static bool fits(struct feasibility *feasibility, const struct candidate *candidate, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        const struct candidate *chosen = feasibility->chosen[i];
        spend(feasibility, 1);
        if (!feasibility_threads_differ(chosen, candidate) || !feasibility_shares_no_guard(feasibility, chosen, candidate) ||
            !feasibility_blocks(feasibility, chosen, candidate) || !feasibility_can_overlap(feasibility, chosen, candidate))
            return false;
    }
    feasibility->chosen[count] = candidate;
    return feasibility_has_writers(feasibility, feasibility->chosen, count + 1);
}

/* Chooses from feasibility->choices into feasibility->chosen. */
static bool search(struct feasibility *feasibility, uint32_t count)
{
    uint32_t step = 0;
    feasibility->next[0] = feasibility->choices[0].first;
    for (;;) {
        if (*feasibility->work == 0)
            return false;
        if (feasibility->next[step] == feasibility->choices[step].end) {
            if (step-- == 0)
                return false;
            continue;
        }
        const struct candidate *candidate = feasibility->next[step]++;
        spend(feasibility, 1);
        if (!fits(feasibility, candidate, step))
            continue;
        if (++step == count)
            return true;
        feasibility->next[step] = feasibility->choices[step].first;
    }
}

bool feasibility_allows(struct feasibility *feasibility, const uint32_t *pairs, uint32_t count)
{
    make_room(feasibility, count);
    for (uint32_t i = 0; i < count; i++)
        feasibility->choices[i] = feasibility_candidates(feasibility, pairs[i])->any;
    return search(feasibility, count);
}

static bool has_timed(const struct choice *choices, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        if (choices[i].first_timed != choices[i].end)
            return true;
    }
    return false;
}

static bool choose_untimed(struct feasibility *feasibility, const struct choice *choices, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        feasibility->choices[i] = choices[i];
        feasibility->choices[i].end = choices[i].first_timed;
    }
    return search(feasibility, count);
}

bool feasibility_choose(struct feasibility *feasibility, const struct choice *choices, uint32_t count,
                        const struct candidate **chosen)
{
    make_room(feasibility, count);
    bool found = choose_untimed(feasibility, choices, count);
    if (!found && has_timed(choices, count)) {
        memcpy(feasibility->choices, choices, count * sizeof *choices);
        found = search(feasibility, count);
    }
    if (found)
        memcpy(chosen, feasibility->chosen, count * sizeof *chosen);
    return found;
}

/* --- Candidates --- */

static uint64_t count_of(const struct dependency *dependency)
{
    uint64_t count = 0;
    for (uint32_t i = 0; i < dependency->witness_count; i++)
        count += dependency->witnesses[i].count;
    return count;
}

/* How many candidates the pair's uses can make at most. */
static uint32_t count_witnesses(const struct feasibility *feasibility, const struct lock_pair *pair)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < pair->use_count; i++)
        count += dependency_of(feasibility, feasibility->graph->uses[pair->first_use + i].dependency)->witness_count;
    return count;
}

/* In which the lock is held; the stronger one if it is held twice. */
static enum trace_mode held_mode(struct feasibility *feasibility, struct pair_use use)
{
    uint32_t lock = dependency_of(feasibility, use.dependency)->held[use.held_index].lock.index;
    const struct held_set *set = held_sets_get(feasibility->held_sets, held_sets_of(feasibility->held_sets, use.dependency));
    return (enum trace_mode)set->members[held_set_skip_below(set, 0, lock)].mode;
}

/* A witness whose thread is not known cannot be told from the others' threads. */
static uint32_t add_candidates(struct feasibility *feasibility, struct pair_use use, struct candidate *candidates)
{
    const struct dependency *dependency = dependency_of(feasibility, use.dependency);
    struct candidate candidate = {.dependency = use.dependency,
                                  .held_index = use.held_index,
                                  .held_set = held_sets_of(feasibility->held_sets, use.dependency),
                                  .held = dependency->held[use.held_index].lock,
                                  .wanted = dependency->lock,
                                  .held_mode = held_mode(feasibility, use),
                                  .wanted_mode = dependency->mode,
                                  .timed = (dependency->flags & TRACE_DEPENDENCY_TIMED) != 0,
                                  .count = count_of(dependency),
                                  .signature = fingerprint_step(feasibility->fingerprinter, dependency, use.held_index)};
    uint32_t count = 0;
    for (uint32_t i = 0; i < dependency->witness_count; i++) {
        candidate.segment = dependency->witnesses[i].segment;
        candidate.thread = feasibility->world->segments[candidate.segment.index].thread;
        if (candidate.thread.index != 0)
            candidates[count++] = candidate;
    }
    return count;
}

static int compare_numbers(uint64_t left, uint64_t right)
{
    return (left > right) - (left < right);
}

/* 0 when the rules see no difference. */
static int compare_to_the_rules(const struct candidate *left, const struct candidate *right)
{
    int result = compare_numbers(left->held_set, right->held_set);
    if (result == 0)
        result = compare_numbers(left->wanted_mode, right->wanted_mode);
    return result != 0 ? result : compare_numbers(left->segment.index, right->segment.index);
}

static int compare_preference(const void *left, const void *right)
{
    const struct candidate *a = left, *b = right;
    int result = (int)a->timed - (int)b->timed;
    if (result == 0)
        result = compare_numbers(b->count, a->count);
    if (result == 0)
        result = compare_numbers(a->dependency.index, b->dependency.index);
    return result != 0 ? result : compare_numbers(a->segment.index, b->segment.index);
}

static int compare_regardless_of_variant(const void *left, const void *right)
{
    int result = compare_to_the_rules(left, right);
    return result != 0 ? result : compare_preference(left, right);
}

static int compare_variant(const void *left, const void *right)
{
    return compare_numbers(((const struct candidate *)left)->signature, ((const struct candidate *)right)->signature);
}

static int compare_within_variant(const void *left, const void *right)
{
    int result = compare_variant(left, right);
    return result != 0 ? result : compare_regardless_of_variant(left, right);
}

static int compare_variant_and_preference(const void *left, const void *right)
{
    int result = compare_variant(left, right);
    return result != 0 ? result : compare_preference(left, right);
}

/* Keeps, of candidates that are neighbours and equal to the rules (and of one variant, if asked), the first. */
static uint32_t merge_equal(struct candidate *candidates, uint32_t count, bool of_one_variant)
{
    uint32_t kept = 0;
    for (uint32_t i = 0; i < count; i++) {
        if (kept != 0 && compare_to_the_rules(&candidates[kept - 1], &candidates[i]) == 0 &&
            (!of_one_variant || compare_variant(&candidates[kept - 1], &candidates[i]) == 0))
            continue;
        candidates[kept++] = candidates[i];
    }
    return kept;
}

static struct choice choice_of(const struct candidate *candidates, uint32_t count)
{
    uint32_t untimed = 0;
    while (untimed < count && !candidates[untimed].timed)
        untimed++;
    return (struct choice){.first = candidates, .end = candidates + count, .first_timed = candidates + untimed};
}

static void make_variants(struct pair_candidates *made, uint32_t count)
{
    for (uint32_t first = 0, end; first < count; first = end) {
        for (end = first + 1; end < count && compare_variant(&made->by_variant[first], &made->by_variant[end]) == 0;)
            end++;
        made->variants = allocate_grown(made->variants, made->variant_count, sizeof *made->variants);
        made->variants[made->variant_count++] = choice_of(&made->by_variant[first], end - first);
    }
}

/* Merges what the rules cannot tell apart over all variants. */
static void make_regardless(struct pair_candidates *made, uint32_t count)
{
    made->regardless = allocate_zeroed(count, sizeof *made->regardless);
    memcpy(made->regardless, made->by_variant, count * sizeof *made->regardless);
    qsort(made->regardless, count, sizeof *made->regardless, compare_regardless_of_variant);
    count = merge_equal(made->regardless, count, false);
    qsort(made->regardless, count, sizeof *made->regardless, compare_preference);
    made->any = choice_of(made->regardless, count);
}

static struct pair_candidates *make_candidates(struct feasibility *feasibility, const struct lock_pair *pair)
{
    struct pair_candidates *made = allocate_zeroed(1, sizeof *made);
    uint32_t count = 0, most = count_witnesses(feasibility, pair);
    spend(feasibility, WORK_TO_MAKE_A_CANDIDATE * ((uint64_t)most + 1));
    made->by_variant = allocate_zeroed(most, sizeof *made->by_variant);
    for (uint32_t i = 0; i < pair->use_count; i++)
        count += add_candidates(feasibility, feasibility->graph->uses[pair->first_use + i], &made->by_variant[count]);
    qsort(made->by_variant, count, sizeof *made->by_variant, compare_within_variant);
    count = merge_equal(made->by_variant, count, true);
    qsort(made->by_variant, count, sizeof *made->by_variant, compare_variant_and_preference);
    make_variants(made, count);
    if (made->variant_count > 1)
        make_regardless(made, count);
    else
        made->any = choice_of(made->by_variant, count);
    return made;
}

const struct pair_candidates *feasibility_candidates(struct feasibility *feasibility, uint32_t pair)
{
    if (feasibility->candidates[pair] == NULL)
        feasibility->candidates[pair] = make_candidates(feasibility, &feasibility->graph->pairs[pair]);
    return feasibility->candidates[pair];
}

struct segment_id feasibility_reader_behind_writer(struct feasibility *feasibility, struct dependency_id id, uint32_t held_index)
{
    const struct dependency *dependency = dependency_of(feasibility, id);
    struct candidate *readers = allocate_zeroed(dependency->witness_count, sizeof *readers);
    uint32_t count = add_candidates(feasibility, (struct pair_use){id, held_index}, readers);
    struct segment_id segment = {0};
    for (uint32_t i = 0; i < count && segment.index == 0; i++) {
        const struct candidate *reader = &readers[i];
        if (reads_behind_writer(feasibility, reader, reader) && feasibility_has_writers(feasibility, &reader, 1))
            segment = reader->segment;
    }
    free(readers);
    return segment;
}

/* --- Whole components --- */

static uint32_t count_new_threads(struct feasibility *feasibility, const struct dependency *dependency)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < dependency->witness_count; i++) {
        struct thread_id thread = feasibility->world->segments[dependency->witnesses[i].segment.index].thread;
        if (thread.index == 0 || feasibility->thread_seen_in[thread.index] == feasibility->component)
            continue;
        feasibility->thread_seen_in[thread.index] = feasibility->component;
        count++;
    }
    return count;
}

/* What exists of `guards` in the set as well, exclusively held. */
static void keep_common(struct held_set *guards, const struct held_set *set)
{
    uint32_t kept = 0, place = 0;
    for (uint32_t i = 0; i < guards->count; i++) {
        place = held_set_skip_below(set, place, guards->members[i].lock);
        if (place < set->count && set->members[place].lock == guards->members[i].lock &&
            set->members[place].mode == TRACE_MODE_EXCLUSIVE && guards->members[i].mode == TRACE_MODE_EXCLUSIVE)
            guards->members[kept++] = guards->members[i];
    }
    guards->count = kept;
}

/* What the dependencies of a component have together. */
struct component_summary {
    uint32_t thread_count;
    struct held_set *guards; /* NULL before the first dependency */
};

static void add_to_summary(struct feasibility *feasibility, struct dependency_id id, struct component_summary *summary)
{
    if (feasibility->dependency_seen_in[id.index] == feasibility->component)
        return;
    feasibility->dependency_seen_in[id.index] = feasibility->component;
    const struct dependency *dependency = dependency_of(feasibility, id);
    summary->thread_count += count_new_threads(feasibility, dependency);
    if (summary->guards == NULL)
        summary->guards = held_set_new(dependency->held, dependency->held_count);
    uint32_t set = held_sets_of(feasibility->held_sets, id);
    if (summary->guards->count != 0)
        keep_common(summary->guards, held_sets_get(feasibility->held_sets, set));
}

uint32_t feasibility_longest(struct feasibility *feasibility, const struct component *component)
{
    const struct graph *graph = feasibility->graph;
    struct component_summary summary = {.thread_count = 0};
    feasibility->component++;
    for (uint32_t i = 0; i < component->lock_count; i++) {
        uint32_t lock = graph->component_locks[component->first_lock + i];
        for (uint32_t pair = graph->first_pair[lock]; pair < graph->first_pair[lock + 1]; pair++) {
            for (uint32_t use = 0; use < graph->pairs[pair].use_count; use++)
                add_to_summary(feasibility, graph->uses[graph->pairs[pair].first_use + use].dependency, &summary);
        }
    }
    bool is_guarded = summary.guards != NULL && summary.guards->count != 0;
    free(summary.guards);
    return is_guarded ? 0 : summary.thread_count;
}
