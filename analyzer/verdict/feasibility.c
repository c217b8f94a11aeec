/* The search is plain backtracking in the order of the steps, ours, because few candidates are left once equal ones are merged,
 * and the first choice is nearly always good. Its worst case, exponential in the steps, is bounded by the work allowed. */
#include "feasibility.h"

#include "allocate.h"
#include <uthash.h>

enum { WORK_TO_MAKE_A_CANDIDATE = 8 };

/* Of two classes, which may be of a million locks; a pair of locks has as many as it has. */
enum { MOST_CANDIDATES_OF_CLASSES = 20000 };

struct held_member {
    uint32_t lock;
    uint32_t mode;
};

/* What a dependency holds, sorted by lock, each lock once. */
struct held_set {
    uint32_t index; /* 1, 2, ... */
    uint32_t count;
    UT_hash_handle hh;
    struct held_member members[];
};

struct feasibility {
    const struct world *world;
    const struct graph *graph;
    struct segments *segments;
    struct fingerprinter *fingerprinter;
    uint64_t *work;
    struct pair_candidates **candidates; /* by pair; NULL: not made yet */
    uint32_t *held_set_of;               /* by dependency; 0: not made yet */
    struct held_set *set_table;          /* by members */
    struct held_set **sets;              /* by index */
    uint32_t set_count;
    struct choice *choices; /* room for one call, grown as needed */
    const struct candidate **next, **chosen;
    uint32_t room;
    uint32_t *thread_seen_in;     /* by thread: the last component that counted it */
    uint32_t *dependency_seen_in; /* by dependency */
    uint32_t component;
    bool left_out;          /* some candidates of classes */
    const uint32_t *judged; /* by lock: its component in the graph of locks; NULL in that graph itself */
};

static void spend(struct feasibility *feasibility, uint64_t work)
{
    *feasibility->work -= work < *feasibility->work ? work : *feasibility->work;
}

static const struct dependency *dependency_of(const struct feasibility *feasibility, struct dependency_id id)
{
    return &feasibility->world->dependencies[id.index];
}

struct feasibility *feasibility_new(const struct world *world, const struct graph *graph, struct segments *segments,
                                    struct fingerprinter *fingerprinter, uint64_t *work)
{
    struct feasibility *feasibility = allocate_zeroed(1, sizeof *feasibility);
    feasibility->world = world;
    feasibility->graph = graph;
    feasibility->segments = segments;
    feasibility->fingerprinter = fingerprinter;
    feasibility->work = work;
    feasibility->candidates = allocate_zeroed((size_t)graph->pair_count + graph->loop_count, sizeof(struct pair_candidates *));
    feasibility->held_set_of = allocate_zeroed(world->dependency_count, sizeof(uint32_t));
    feasibility->thread_seen_in = allocate_zeroed(world->thread_count, sizeof(uint32_t));
    feasibility->dependency_seen_in = allocate_zeroed(world->dependency_count, sizeof(uint32_t));
    feasibility->sets = allocate_grown(NULL, 0, sizeof(struct held_set *));
    feasibility->sets[feasibility->set_count++] = NULL;
    return feasibility;
}

void feasibility_set_judged(struct feasibility *feasibility, const uint32_t *component_of)
{
    feasibility->judged = component_of;
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
    for (uint32_t i = 0; i < feasibility->graph->pair_count + feasibility->graph->loop_count; i++)
        free_candidates(feasibility->candidates[i]);
    HASH_CLEAR(hh, feasibility->set_table);
    for (uint32_t i = 0; i < feasibility->set_count; i++)
        free(feasibility->sets[i]);
    free(feasibility->candidates);
    free(feasibility->held_set_of);
    free(feasibility->sets);
    free(feasibility->choices);
    free(feasibility->next);
    free(feasibility->chosen);
    free(feasibility->thread_seen_in);
    free(feasibility->dependency_seen_in);
    free(feasibility);
}

/* --- Held sets --- */

static bool modes_exclude(uint32_t left, uint32_t right)
{
    return left == TRACE_MODE_EXCLUSIVE || right == TRACE_MODE_EXCLUSIVE;
}

/* Of one lock held twice, the stronger mode first. */
static int compare_members(const void *left, const void *right)
{
    const struct held_member *a = left, *b = right;
    if (a->lock != b->lock)
        return a->lock < b->lock ? -1 : 1;
    return (a->mode != TRACE_MODE_EXCLUSIVE) - (b->mode != TRACE_MODE_EXCLUSIVE);
}

static struct held_set *make_held_set(const struct dependency *dependency)
{
    struct held_set *set = allocate_zeroed(1, sizeof *set + dependency->held_count * sizeof set->members[0]);
    for (uint32_t i = 0; i < dependency->held_count; i++)
        set->members[i] = (struct held_member){dependency->held[i].lock.index, dependency->held[i].mode};
    qsort(set->members, dependency->held_count, sizeof set->members[0], compare_members);
    for (uint32_t i = 0; i < dependency->held_count; i++) {
        if (set->count == 0 || set->members[set->count - 1].lock != set->members[i].lock)
            set->members[set->count++] = set->members[i];
    }
    return set;
}

static uint32_t intern_held_set(struct feasibility *feasibility, struct held_set *set)
{
    struct held_set *known;
    size_t size = set->count * sizeof set->members[0];
    HASH_FIND(hh, feasibility->set_table, set->members, size, known);
    if (known != NULL) {
        free(set);
        return known->index;
    }
    feasibility->sets = allocate_grown(feasibility->sets, feasibility->set_count, sizeof(struct held_set *));
    feasibility->sets[feasibility->set_count] = set;
    set->index = feasibility->set_count++;
    HASH_ADD_KEYPTR(hh, feasibility->set_table, set->members, size, set);
    return set->index;
}

static uint32_t held_set_of(struct feasibility *feasibility, struct dependency_id id)
{
    uint32_t *set = &feasibility->held_set_of[id.index];
    if (*set == 0)
        *set = intern_held_set(feasibility, make_held_set(dependency_of(feasibility, id)));
    return *set;
}

/* The first member from `from` on whose lock is not below `lock`. Steps that double, then halves: near in most cases. */
static uint32_t skip_below(const struct held_set *set, uint32_t from, uint32_t lock)
{
    uint32_t step = 1, high = from;
    while (high < set->count && set->members[high].lock < lock) {
        from = high + 1;
        high = set->count - high > step ? high + step : set->count;
        step *= 2;
    }
    while (from < high) {
        uint32_t middle = from + (high - from) / 2;
        if (set->members[middle].lock < lock)
            from = middle + 1;
        else
            high = middle;
    }
    return from;
}

/* --- The rules --- */

bool feasibility_threads_differ(const struct candidate *left, const struct candidate *right)
{
    return left->thread.index != right->thread.index;
}

bool feasibility_shares_no_guard(struct feasibility *feasibility, const struct candidate *left, const struct candidate *right)
{
    const struct held_set *a = feasibility->sets[left->held_set], *b = feasibility->sets[right->held_set];
    uint32_t i = 0, j = 0;
    while (i < a->count && j < b->count) {
        if (a->members[i].lock < b->members[j].lock) {
            i = skip_below(a, i, b->members[j].lock);
        } else if (b->members[j].lock < a->members[i].lock) {
            j = skip_below(b, j, a->members[i].lock);
        } else {
            if (modes_exclude(a->members[i].mode, b->members[j].mode))
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

bool feasibility_needs_writer(const struct candidate *waiting, const struct candidate *holding)
{
    return waiting->wanted.index == holding->held.index && !modes_exclude(waiting->wanted_mode, holding->held_mode);
}

/* Two locks of one class may be one lock in another run, unless they are lives of one address. */
static bool can_be_one(const struct feasibility *feasibility, struct lock_id left, struct lock_id right)
{
    const struct lock *locks = feasibility->world->locks;
    return left.index == right.index || locks[left.index].address != locks[right.index].address;
}

/* Whether `waiting` does not want what `holding` holds, or really has to wait for it. That somebody writes is taken for granted: why
 * else would the lock prefer writers? */
static bool has_to_wait(const struct feasibility *feasibility, const struct candidate *waiting, const struct candidate *holding)
{
    if (waiting->wanted.index != holding->held.index)
        return true;
    bool prefers_writer = (feasibility->world->locks[waiting->wanted_lock.index].flags & TRACE_LOCK_PREFERS_WRITER) != 0;
    return can_be_one(feasibility, waiting->wanted_lock, holding->held_lock) &&
           (prefers_writer || modes_exclude(waiting->wanted_mode, holding->held_mode));
}

bool feasibility_blocks(const struct feasibility *feasibility, const struct candidate *left, const struct candidate *right)
{
    return has_to_wait(feasibility, left, right) && has_to_wait(feasibility, right, left);
}

/* The component of the graph of locks that the candidate's pair lies in, or 0. */
static uint32_t judged_in(const struct feasibility *feasibility, const struct candidate *candidate)
{
    uint32_t component = feasibility->judged == NULL ? 0 : feasibility->judged[candidate->held_lock.index];
    return component != 0 && component == feasibility->judged[candidate->wanted_lock.index] ? component : 0;
}

static bool were_judged_together(const struct feasibility *feasibility, const struct candidate *left, const struct candidate *right)
{
    uint32_t component = judged_in(feasibility, left);
    return component != 0 && component == judged_in(feasibility, right);
}

/* --- The search --- */

static bool fits(struct feasibility *feasibility, const struct candidate *candidate, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        const struct candidate *chosen = feasibility->chosen[i];
        spend(feasibility, 1);
        if (!feasibility_threads_differ(chosen, candidate) || !feasibility_shares_no_guard(feasibility, chosen, candidate) ||
            !feasibility_blocks(feasibility, chosen, candidate) || were_judged_together(feasibility, chosen, candidate) || !feasibility_can_overlap(feasibility, chosen, candidate))
            return false;
    }
    return true;
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
        feasibility->chosen[step++] = candidate;
        if (step == count)
            return true;
        feasibility->next[step] = feasibility->choices[step].first;
    }
}

static void make_room(struct feasibility *feasibility, uint32_t count)
{
    while (feasibility->room < count) {
        feasibility->choices = allocate_grown(feasibility->choices, feasibility->room, sizeof(struct choice));
        feasibility->next = allocate_grown(feasibility->next, feasibility->room, sizeof(struct candidate *));
        feasibility->chosen = allocate_grown(feasibility->chosen, feasibility->room, sizeof(struct candidate *));
        feasibility->room++;
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
    uint32_t index = held_set_of(feasibility, use.dependency);
    const struct held_set *set = feasibility->sets[index];
    return (enum trace_mode)set->members[skip_below(set, 0, lock)].mode;
}

/* A witness whose thread is not known cannot be told from the others' threads. */
static uint32_t add_candidates(struct feasibility *feasibility, struct pair_use use, struct candidate *candidates)
{
    const struct dependency *dependency = dependency_of(feasibility, use.dependency);
    struct candidate candidate = {
        .dependency = use.dependency,
        .held_index = use.held_index,
        .held_set = held_set_of(feasibility, use.dependency),
        .held = graph_node(feasibility->graph, dependency->held[use.held_index].lock),
        .wanted = graph_node(feasibility->graph, dependency->lock),
        .held_lock = dependency->held[use.held_index].lock,
        .wanted_lock = dependency->lock,
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
        result = compare_numbers(left->held_lock.index, right->held_lock.index);
    if (result == 0)
        result = compare_numbers(left->wanted_lock.index, right->wanted_lock.index);
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

/* 1: every use of the pair is looked at; n: every n-th. */
static uint32_t stride(struct feasibility *feasibility, uint32_t witnesses)
{
    if (feasibility->graph->class_of == NULL || witnesses <= MOST_CANDIDATES_OF_CLASSES)
        return 1;
    feasibility->left_out = true;
    return witnesses / MOST_CANDIDATES_OF_CLASSES + 1;
}

bool feasibility_left_out(const struct feasibility *feasibility)
{
    return feasibility->left_out;
}

static struct pair_candidates *make_candidates(struct feasibility *feasibility, const struct lock_pair *pair)
{
    struct pair_candidates *made = allocate_zeroed(1, sizeof *made);
    uint32_t count = 0, most = count_witnesses(feasibility, pair), step = stride(feasibility, most);
    spend(feasibility, WORK_TO_MAKE_A_CANDIDATE * ((uint64_t)most / step + 1));
    made->by_variant = allocate_zeroed(most, sizeof *made->by_variant);
    for (uint32_t i = 0; i < pair->use_count; i += step)
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
        place = skip_below(set, place, guards->members[i].lock);
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
        summary->guards = make_held_set(dependency);
    uint32_t set = held_set_of(feasibility, id);
    if (summary->guards->count != 0)
        keep_common(summary->guards, feasibility->sets[set]);
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
