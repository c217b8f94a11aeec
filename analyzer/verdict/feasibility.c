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
    uint64_t *work;
    struct pair_candidates **candidates; /* by pair; NULL: not made yet */
    struct candidate_source source;      /* what candidates are made from; the held sets are its own */
    struct choice *choices;              /* room for one call, grown as needed */
    const struct candidate **next, **chosen;
    uint32_t room;
    uint32_t *thread_seen_in;     /* by thread: the last component that counted it */
    uint32_t *dependency_seen_in; /* by dependency */
    uint32_t component;
    struct writers *writers; /* by lock; empty where no reader waits for a reader */
    bool any_writers;
    const struct candidate **placed; /* writers, as many as there is room for */
    bool left_out;                   /* some candidates of classes */
    struct meetings *meetings;       /* NULL: the world is not united */
    bool doubts_allowed;             /* meetings may be doubtful */
    const uint32_t *judged;          /* by lock: its component in the graph of locks; NULL in that graph itself */
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
    feasibility->work = work;
    feasibility->candidates = allocate_zeroed((size_t)graph->pair_count + graph->loop_count, sizeof(struct pair_candidates *));
    feasibility->source = (struct candidate_source){world, graph, held_sets_new(world), fingerprinter};
    feasibility->thread_seen_in = allocate_zeroed(world->thread_count, sizeof(uint32_t));
    feasibility->dependency_seen_in = allocate_zeroed(world->dependency_count, sizeof(uint32_t));
    feasibility->writers = allocate_zeroed(world->lock_count, sizeof *feasibility->writers);
    find_writers(feasibility);
    return feasibility;
}

void feasibility_set_judged(struct feasibility *feasibility, const uint32_t *component_of)
{
    feasibility->judged = component_of;
}

void feasibility_set_meetings(struct feasibility *feasibility, struct meetings *meetings)
{
    feasibility->meetings = meetings;
    feasibility->doubts_allowed = true;
}

void feasibility_allow_doubts(struct feasibility *feasibility, bool allowed)
{
    feasibility->doubts_allowed = allowed;
}

void feasibility_free(struct feasibility *feasibility)
{
    if (feasibility == NULL)
        return;
    for (uint32_t i = 0; i < feasibility->graph->pair_count + feasibility->graph->loop_count; i++)
        candidates_free(feasibility->candidates[i]);
    free(feasibility->candidates);
    held_sets_free(feasibility->source.held_sets);
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
    const struct held_set *a = held_sets_get(feasibility->source.held_sets, left->held_set);
    const struct held_set *b = held_sets_get(feasibility->source.held_sets, right->held_set);
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

bool feasibility_needs_writer(const struct candidate *waiting, const struct candidate *holding)
{
    return waiting->wanted.index == holding->held.index && !held_modes_exclude(waiting->wanted_mode, holding->held_mode);
}

/* Whether both read a lock at which a reader may have to wait for a writer that waits for the other one. */
static bool reads_behind_writer(const struct feasibility *feasibility, const struct candidate *waiting,
                                const struct candidate *holding)
{
    return feasibility_needs_writer(waiting, holding) && feasibility->writers[waiting->wanted_lock.index].count != 0;
}

/* Two locks of one class may be one lock in another run, unless they are lives of one address. */
static bool can_be_one(const struct feasibility *feasibility, struct lock_id left, struct lock_id right)
{
    const struct lock *locks = feasibility->world->locks;
    return left.index == right.index || locks[left.index].address != locks[right.index].address;
}

/* Whether `waiting` does not want what `holding` holds, or really has to wait for it. */
static bool has_to_wait(const struct feasibility *feasibility, const struct candidate *waiting, const struct candidate *holding)
{
    if (waiting->wanted.index != holding->held.index)
        return true;
    bool waits =
        held_modes_exclude(waiting->wanted_mode, holding->held_mode) || reads_behind_writer(feasibility, waiting, holding);
    return waits && can_be_one(feasibility, waiting->wanted_lock, holding->held_lock);
}

bool feasibility_blocks(const struct feasibility *feasibility, const struct candidate *left, const struct candidate *right)
{
    return has_to_wait(feasibility, left, right) && has_to_wait(feasibility, right, left);
}

static bool can_meet(const struct feasibility *feasibility, const struct candidate *left, const struct candidate *right)
{
    if (feasibility->meetings == NULL)
        return true;
    enum meeting_answer answer = meetings_of(feasibility->meetings, left, right);
    return answer == MEETING_POSSIBLE || (answer == MEETING_DOUBTFUL && feasibility->doubts_allowed);
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
    uint32_t set = held_sets_of_list(feasibility->source.held_sets, dependency->held, held_count);
    for (uint32_t i = 0; i < dependency->witness_count; i++)
        add_writer(feasibility, lock, dependency->witnesses[i].segment, set);
}

static bool any_prefers_writer(const struct world *world)
{
    for (uint32_t i = 1; i < world->lock_count; i++) {
        if ((world->locks[i].flags & TRACE_LOCK_PREFERS_WRITER) != 0)
            return true;
    }
    return false;
}

/* A lock that is held exclusively has been wanted so before, while at least what is listed before it and is held still was held.
 * Few programs have a lock that prefers writers; for all others, the dependencies need not be gone through. */
static void find_writers(struct feasibility *feasibility)
{
    if (!any_prefers_writer(feasibility->world))
        return;
    for (uint32_t i = 1; i < feasibility->world->dependency_count; i++) {
        const struct dependency *dependency = &feasibility->world->dependencies[i];
        bool waits = dependency->held_count != 0 || (dependency->flags & TRACE_DEPENDENCY_TRY) == 0;
        if (waits && dependency->mode == TRACE_MODE_EXCLUSIVE)
            add_writers(feasibility, dependency, dependency->lock.index, dependency->held_count);
        for (uint32_t held = 0; held < dependency->held_count; held++) {
            if (dependency->held[held].mode == TRACE_MODE_EXCLUSIVE)
                add_writers(feasibility, dependency, dependency->held[held].lock.index, held);
        }
    }
}

/* A writer of another process is none: what it can meet there is not known. */
static bool is_of_process(const struct feasibility *feasibility, const struct candidate *writer, const struct candidate *other)
{
    const struct thread *threads = feasibility->world->threads;
    return feasibility->meetings == NULL ||
           threads[writer->thread.index].process.index == threads[other->thread.index].process.index;
}

static bool fits_beside(struct feasibility *feasibility, const struct candidate *writer, const struct candidate *const *others,
                        uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        spend(feasibility, 1);
        if (!is_of_process(feasibility, writer, others[i]) || !feasibility_threads_differ(writer, others[i]) ||
            !feasibility_shares_no_guard(feasibility, writer, others[i]) ||
            !feasibility_can_overlap(feasibility, writer, others[i]))
            return false;
    }
    return true;
}

static bool needs_writer(const struct feasibility *feasibility, const struct candidate *const *steps, uint32_t count,
                         uint32_t step)
{
    for (uint32_t i = 0; i < count; i++) {
        bool is_other = i != step || steps[step]->wanted_lock.index == steps[step]->held_lock.index;
        if (is_other && reads_behind_writer(feasibility, steps[step], steps[i]))
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
    const struct writers *writers = &feasibility->writers[steps[step]->wanted_lock.index];
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

/* The component of the graph of locks that the candidate's pair lies in, or 0. */
static uint32_t judged_in(const struct feasibility *feasibility, const struct candidate *candidate)
{
    uint32_t component = feasibility->judged == NULL ? 0 : feasibility->judged[candidate->held_lock.index];
    return component != 0 && component == feasibility->judged[candidate->wanted_lock.index] ? component : 0;
}

static bool were_judged_together(const struct feasibility *feasibility, const struct candidate *left,
                                 const struct candidate *right)
{
    uint32_t component = judged_in(feasibility, left);
    return component != 0 && component == judged_in(feasibility, right);
}

/* --- The search --- */

/* Puts the candidate after the `count` chosen ones; true if it can stay there. */
static bool fits(struct feasibility *feasibility, const struct candidate *candidate, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        const struct candidate *chosen = feasibility->chosen[i];
        spend(feasibility, 1);
        if (!feasibility_threads_differ(chosen, candidate) || !feasibility_shares_no_guard(feasibility, chosen, candidate) ||
            !feasibility_blocks(feasibility, chosen, candidate) || were_judged_together(feasibility, chosen, candidate) ||
            !feasibility_can_overlap(feasibility, chosen, candidate) || !can_meet(feasibility, chosen, candidate))
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

bool feasibility_left_out(const struct feasibility *feasibility)
{
    return feasibility->left_out;
}

static struct pair_candidates *make_candidates(struct feasibility *feasibility, const struct lock_pair *pair)
{
    struct pair_candidates *made = candidates_new(&feasibility->source, pair);
    spend(feasibility, WORK_TO_MAKE_A_CANDIDATE * ((uint64_t)made->looked_at + 1));
    feasibility->left_out |= made->left_out;
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
    uint32_t count = candidates_of_use(&feasibility->source, (struct pair_use){id, held_index}, readers);
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
    uint32_t set = held_sets_of(feasibility->source.held_sets, id);
    if (summary->guards->count != 0)
        keep_common(summary->guards, held_sets_get(feasibility->source.held_sets, set));
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
