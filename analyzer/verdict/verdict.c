/* What is ours here, because no source was found that had the question: what counts as the same finding.
 *
 * - Cycles with one fingerprint are one finding, whatever the locks: 1,000 accounts locked in both orders by the same functions
 *   are one fault. The steps shown are those without time-outs, else those seen more often.
 * - A deadlock that happened is told as that, and not once more as the cycle that predicts it.
 * - A cycle that only repeats the steps of a shorter one (three threads in that same function) is another occurrence of the
 *   shorter one: who repairs the one repairs the other. */
#include "verdict.h"

#include "allocate.h"
#include "chosen_cycle.h"
#include "cycles.h"
#include "events.h"
#include "feasibility.h"
#include "known.h"
#include "orders.h"
#include "self_deadlock.h"
#include "united.h"

/* Chains and candidates looked at per cycle that may be found; a second or two for the default number of cycles. */
enum { WORK_PER_CYCLE = 25000 };

struct verdict {
    const struct world *world;
    struct findings *findings;
    uint64_t max_cycles;
    struct fingerprinter *fingerprinter;
    struct segments *segments;
    enum finding_kind kind; /* that is looked for: cycles, then orders */
    uint64_t count;         /* findings of this kind */
    struct graph *graph;    /* of locks, then of classes */
    struct feasibility *feasibility;
    struct orders *orders;     /* NULL while cycles are looked for */
    struct meetings *meetings; /* NULL but while cycles over several processes are looked for, as is `united` */
    struct united *united;
    uint64_t matches;           /* combinations of variants that can happen, whatever became of them */
    bool ring_is_told;          /* the ring of classes at hand has its finding */
    uint64_t work;              /* left for the component at hand */
    struct known *fingerprints; /* of findings */
    struct known *step_sets;    /* of the shortest finding with these steps */
    struct known *happened;     /* deadlocks, by the fingerprint that the cycle of their steps has */
};

/* --- The list of findings --- */

static struct finding *add_finding(struct verdict *verdict, uint64_t fingerprint)
{
    struct findings *findings = verdict->findings;
    known_add(&verdict->fingerprints, fingerprint, findings->count);
    findings->items = allocate_grown(findings->items, findings->count, sizeof *findings->items);
    struct finding *finding = &findings->items[findings->count++];
    memset(finding, 0, sizeof *finding);
    finding->fingerprint = fingerprint_text(fingerprint);
    return finding;
}

/* --- What happened --- */

/* How often the lock was wanted while the other one was held; 0 where that lies on no cycle. */
static uint64_t count_of_locks(const struct verdict *verdict, const struct finding_step *step)
{
    if (step->holds.lock.index == 0 || step->wants.lock.index == 0)
        return 0;
    uint32_t pair = graph_find_pair(verdict->graph, step->holds.lock, step->wants.lock);
    return pair == UINT32_MAX ? 0 : verdict->graph->pairs[pair].count;
}

static void remember_circle(struct verdict *verdict, const uint64_t *steps, uint32_t count)
{
    uint64_t fingerprint = fingerprint_steps(FINDING_CYCLE, steps, count);
    if (known_find(verdict->happened, fingerprint) == NULL)
        known_add(&verdict->happened, fingerprint, verdict->findings->count);
}

/* What is about to be added, for the cycles that say nothing more: also a reader that reads again, and waits for a writer. */
static void remember_happened(struct verdict *verdict, const struct finding *finding, const uint64_t *steps)
{
    uint32_t count = finding->step_count;
    for (uint32_t i = 0; i < count; i++) {
        if (finding->steps[i].wants.lock.index != 0 && finding->steps[i].holds.lock.index == finding->steps[i].wants.lock.index)
            remember_circle(verdict, &steps[i], 1);
    }
    remember_circle(verdict, steps, count);
    if (known_find(verdict->step_sets, known_step_set(steps, count)) == NULL)
        known_add(&verdict->step_sets, known_step_set(steps, count), verdict->findings->count);
}

static void add_event(struct verdict *verdict, const struct event *event)
{
    struct finding made;
    if (!event_make_finding(event, &made))
        return;
    uint64_t *steps = allocate_zeroed(made.step_count, sizeof *steps);
    for (uint32_t i = 0; i < made.step_count; i++) {
        made.steps[i].count = count_of_locks(verdict, &made.steps[i]);
        steps[i] = fingerprint_sides(verdict->fingerprinter, &made.steps[i].holds, &made.steps[i].wants);
    }
    uint64_t fingerprint = fingerprint_event(made.kind, made.event, steps, made.step_count);
    struct known *known = known_find(verdict->fingerprints, fingerprint);
    if (known != NULL) {
        verdict->findings->items[known->finding].occurrences++;
        free(made.subkind);
        free(made.steps);
    } else {
        if (made.kind == FINDING_DEADLOCK)
            remember_happened(verdict, &made, steps);
        struct finding *finding = add_finding(verdict, fingerprint);
        made.fingerprint = finding->fingerprint;
        *finding = made;
    }
    free(steps);
}

static void add_events(struct verdict *verdict)
{
    for (uint32_t i = 1; i < verdict->world->event_count; i++)
        add_event(verdict, &verdict->world->events[i]);
}

/* --- Threads that wait for themselves --- */

static void show_self_deadlock(struct finding *finding, const struct self_deadlock *self)
{
    finding->certainty = self->needs_writer ? CERTAINTY_PREDICTED : CERTAINTY_HAPPENED;
    finding->steps[0] = self->step;
    finding->needs_timeout_to_end = self->timed;
}

/* One more with the same fingerprint. */
static void repeat_self_deadlock(struct finding *finding, const struct self_deadlock *self)
{
    if (finding->event != 0) {
        finding->steps[0].count = self->step.count; /* it happened, and was a dependency before */
        return;
    }
    finding->occurrences++;
    if (finding->needs_timeout_to_end && !self->timed)
        show_self_deadlock(finding, self);
}

static void add_self_deadlock(struct verdict *verdict, const struct self_deadlock *self)
{
    const struct dependency *dependency = &verdict->world->dependencies[self->step.dependency.index];
    enum finding_kind kind = self->timed || self->needs_writer ? FINDING_CYCLE : FINDING_DEADLOCK;
    uint64_t step = fingerprint_step(verdict->fingerprinter, dependency, self->step.held_index);
    uint64_t fingerprint = fingerprint_steps(kind, &step, 1);
    if (kind == FINDING_CYCLE && known_find(verdict->happened, fingerprint) != NULL)
        return;
    struct known *known = known_find(verdict->fingerprints, fingerprint);
    if (known != NULL) {
        repeat_self_deadlock(&verdict->findings->items[known->finding], self);
        return;
    }
    struct finding *finding = add_finding(verdict, fingerprint);
    finding->kind = kind;
    finding->subkind = allocate_copy("self");
    finding->steps = allocate_zeroed(1, sizeof *finding->steps);
    finding->step_count = 1;
    finding->occurrences = 1;
    show_self_deadlock(finding, self);
}

/* False when no writer can come in between; else the step is one in which it can. */
static bool meets_writer(struct verdict *verdict, struct self_deadlock *self)
{
    struct finding_step *step = &self->step;
    verdict->work = WORK_PER_CYCLE;
    struct segment_id segment = feasibility_reader_behind_writer(verdict->feasibility, step->dependency, step->held_index);
    *step = finding_step_of(verdict->world, step->dependency, step->held_index, segment, step->count);
    return segment.index != 0;
}

static void find_self_deadlocks(struct verdict *verdict)
{
    struct self_deadlock *items;
    uint32_t count = self_deadlock_find(verdict->world, &items);
    for (uint32_t i = 0; i < count; i++) {
        if (!items[i].needs_writer || meets_writer(verdict, &items[i]))
            add_self_deadlock(verdict, &items[i]);
    }
    free(items);
}

/* --- Cycles --- */

static bool is_loop(const struct verdict *verdict, const uint32_t *pairs)
{
    return pairs[0] >= verdict->graph->pair_count;
}

static char *subkind_of(const struct verdict *verdict, const uint32_t *pairs, uint32_t count)
{
    if (verdict->meetings != NULL)
        return allocate_copy(FINDING_ACROSS_RUNS);
    if (verdict->kind == FINDING_CYCLE)
        return finding_subkind_of_threads(count);
    return is_loop(verdict, pairs) ? allocate_copy(FINDING_ONE_CLASS) : allocate_text("%u classes", (unsigned)count);
}

/* Shows the steps of `cycle` in the finding if they say more than those it has. */
static void prefer_steps(const struct verdict *verdict, struct finding *finding, const struct chosen_cycle *cycle)
{
    bool timed = chosen_cycle_is_timed(cycle);
    bool more = chosen_cycle_count(cycle, verdict->graph) > finding_count(finding);
    if (timed == finding->needs_timeout_to_end ? !more : timed)
        return;
    free(finding->steps);
    finding->steps = chosen_cycle_steps(cycle, verdict->graph, verdict->world);
    finding->needs_timeout_to_end = timed;
    finding->needs_writer = chosen_cycle_needs_writer(cycle);
}

/* NULL where there are as many as are kept. The caller sets the steps. */
static struct finding *add_predicted(struct verdict *verdict, uint64_t fingerprint, const uint32_t *pairs, uint32_t count)
{
    if (verdict->count == verdict->max_cycles) {
        verdict->findings->cut++;
        if (verdict->kind == FINDING_ORDER)
            verdict->work = 0; /* how many more there are is not worth the time */
        return NULL;
    }
    verdict->count++;
    struct finding *finding = add_finding(verdict, fingerprint);
    finding->kind = verdict->kind;
    finding->certainty = CERTAINTY_PREDICTED;
    finding->subkind = subkind_of(verdict, pairs, count);
    finding->step_count = count;
    finding->occurrences = 1;
    finding->across_runs = verdict->meetings != NULL;
    return finding;
}

static void add_cycle_finding(struct verdict *verdict, const struct chosen_cycle *cycle, uint64_t fingerprint)
{
    struct finding *finding = add_predicted(verdict, fingerprint, cycle->pairs, cycle->count);
    if (finding == NULL)
        return;
    finding->steps = chosen_cycle_steps(cycle, verdict->graph, verdict->world);
    finding->needs_timeout_to_end = chosen_cycle_is_timed(cycle);
    finding->needs_writer = chosen_cycle_needs_writer(cycle);
    finding->advisory = cycle->is_doubtful;
}

/* What one process has shown alone stays as it is; of what several have shown, what is certain is told. */
static void repeat_cycle(const struct verdict *verdict, struct finding *finding, const struct chosen_cycle *cycle)
{
    if (verdict->meetings != NULL && !finding->across_runs)
        return;
    finding->occurrences++;
    if (verdict->kind == FINDING_ORDER) /* the same code may be an order of one class and one of two */
        return;
    if (finding->advisory == cycle->is_doubtful) {
        prefer_steps(verdict, finding, cycle);
    } else if (finding->advisory) {
        free(finding->steps);
        finding->steps = chosen_cycle_steps(cycle, verdict->graph, verdict->world);
        finding->needs_timeout_to_end = chosen_cycle_is_timed(cycle);
        finding->advisory = false;
    }
}

/* Whether the cycle repeats the steps of a shorter one. */
static bool repeats_shorter(struct verdict *verdict, const struct known *known, uint32_t count)
{
    if (known == NULL || known->finding == NO_FINDING || verdict->findings->items[known->finding].step_count >= count)
        return false;
    verdict->findings->items[known->finding].occurrences++;
    return true;
}

/* Of several ways to show a ring of classes, one is told; and where the same code makes rings of several classes, one of them. */
static bool repeats_order(struct verdict *verdict, const struct known *known)
{
    if (known != NULL && known->finding != NO_FINDING && verdict->findings->items[known->finding].kind == FINDING_ORDER)
        verdict->findings->items[known->finding].occurrences++;
    return known != NULL;
}

static bool says_nothing_new(struct verdict *verdict, const uint64_t *signatures, uint32_t count)
{
    const struct known *known = known_find(verdict->step_sets, known_step_set(signatures, count));
    return verdict->kind == FINDING_CYCLE ? repeats_shorter(verdict, known, count) : repeats_order(verdict, known);
}

/* Called before a finding is added, whose index is thus the number of those that there are. */
static void remember_steps(struct verdict *verdict, const uint64_t *signatures, uint32_t count)
{
    uint64_t set = known_step_set(signatures, count);
    int64_t finding = verdict->count == verdict->max_cycles ? NO_FINDING : (int64_t)verdict->findings->count;
    if (known_find(verdict->step_sets, set) == NULL)
        known_add(&verdict->step_sets, set, finding);
}

static void add_cycle(struct verdict *verdict, const struct chosen_cycle *cycle)
{
    uint64_t signatures[LONGEST_CYCLE];
    for (uint32_t i = 0; i < cycle->count; i++)
        signatures[i] = cycle->chosen[i]->signature;
    uint64_t fingerprint = fingerprint_steps(verdict->kind, signatures, cycle->count);
    verdict->matches++;
    if (verdict->kind == FINDING_CYCLE && known_find(verdict->happened, fingerprint) != NULL)
        return;
    struct known *known = known_find(verdict->fingerprints, fingerprint);
    if (known != NULL) {
        repeat_cycle(verdict, &verdict->findings->items[known->finding], cycle);
        return;
    }
    if (says_nothing_new(verdict, signatures, cycle->count))
        return;
    remember_steps(verdict, signatures, cycle->count);
    add_cycle_finding(verdict, cycle, fingerprint);
    verdict->ring_is_told = verdict->kind == FINDING_ORDER;
}

/* Without doubts, if that can be. */
static bool choose_across(struct verdict *verdict, struct chosen_cycle *cycle)
{
    if (meetings_one_process_has_all(verdict->meetings, cycle->choices, cycle->count))
        return false;
    feasibility_allow_doubts(verdict->feasibility, false);
    cycle->is_doubtful = !feasibility_choose(verdict->feasibility, cycle->choices, cycle->count, cycle->chosen);
    feasibility_allow_doubts(verdict->feasibility, true);
    return !cycle->is_doubtful || feasibility_choose(verdict->feasibility, cycle->choices, cycle->count, cycle->chosen);
}

/* Goes through the combinations of variants of the pairs from `step` on. What comes before has been chosen. */
static void add_variants(struct verdict *verdict, struct chosen_cycle *cycle, uint32_t step)
{
    if (step == cycle->count) {
        bool found = verdict->meetings != NULL
                         ? choose_across(verdict, cycle)
                         : feasibility_choose(verdict->feasibility, cycle->choices, cycle->count, cycle->chosen);
        if (found)
            add_cycle(verdict, cycle);
        return;
    }
    const struct pair_candidates *candidates = feasibility_candidates(verdict->feasibility, cycle->pairs[step]);
    for (uint32_t i = 0; i < candidates->variant_count && verdict->work != 0 && !verdict->ring_is_told; i++) {
        cycle->choices[step] = candidates->variants[i];
        bool worth_a_look = candidates->variant_count > 1 && step + 1 < cycle->count;
        if (!worth_a_look || feasibility_choose(verdict->feasibility, cycle->choices, step + 1, cycle->chosen))
            add_variants(verdict, cycle, step + 1);
    }
}

static bool allows_chain(void *closure, const uint32_t *pairs, uint32_t count)
{
    struct verdict *verdict = closure;
    return feasibility_allows(verdict->feasibility, pairs, count);
}

static void found_cycle(void *closure, const uint32_t *pairs, uint32_t count)
{
    struct verdict *verdict = closure;
    struct chosen_cycle cycle; /* its arrays are filled as far as they are used: there may be millions of cycles */
    if (verdict->united != NULL && united_ring_is_told(verdict->united, verdict->findings, verdict->graph, pairs, count))
        return;
    cycle.pairs = pairs;
    cycle.count = count;
    cycle.is_doubtful = false;
    add_variants(verdict, &cycle, 0);
}

static int compare_components(const void *left, const void *right)
{
    const struct component *a = left, *b = right;
    if (a->pair_count != b->pair_count)
        return a->pair_count < b->pair_count ? -1 : 1;
    return (a->first_lock > b->first_lock) - (a->first_lock < b->first_lock);
}

static uint32_t smallest_of(uint32_t a, uint32_t b, uint32_t c)
{
    uint32_t smaller = a < b ? a : b;
    return smaller < c ? smaller : c;
}

static void find_in_component(struct verdict *verdict, const struct component *component,
                              void (*found)(void *, const uint32_t *, uint32_t))
{
    struct cycle_visitor visitor = {.allows = allows_chain, .found = found, .closure = verdict};
    uint32_t possible = feasibility_longest(verdict->feasibility, component);
    uint32_t longest = smallest_of(possible, component->lock_count, LONGEST_CYCLE);
    bool complete = cycles_find(verdict->graph, component, longest, &visitor, &verdict->work);
    if (!complete || (possible > LONGEST_CYCLE && component->lock_count > LONGEST_CYCLE))
        verdict->findings->cut++;
}

static uint64_t work_allowed(const struct verdict *verdict)
{
    return verdict->max_cycles > UINT64_MAX / WORK_PER_CYCLE ? UINT64_MAX : verdict->max_cycles * WORK_PER_CYCLE;
}

/* The small components first: each gets an equal share of what work the ones before it have left, so that a large one cannot
 * keep others from being looked at. */
static void find_cycles(struct verdict *verdict)
{
    struct graph *graph = verdict->graph;
    uint64_t left = work_allowed(verdict);
    qsort(graph->components, graph->component_count, sizeof *graph->components, compare_components);
    for (uint32_t i = 0; i < graph->component_count; i++) {
        uint64_t share = left / (graph->component_count - i);
        verdict->work = share;
        find_in_component(verdict, &graph->components[i], found_cycle);
        left -= share - verdict->work;
    }
}

/* --- Orders --- */

/* What one thread alone did is told where no two threads could have done it. */
static void add_order_of_one_thread(struct verdict *verdict, const uint32_t pairs[2])
{
    struct finding_step steps[2];
    uint64_t signatures[2];
    if (!orders_are_of_one_thread(verdict->orders, pairs, steps))
        return;
    for (uint32_t i = 0; i < 2; i++)
        signatures[i] = fingerprint_step(verdict->fingerprinter, &verdict->world->dependencies[steps[i].dependency.index],
                                         steps[i].held_index);
    uint64_t fingerprint = fingerprint_steps(FINDING_ORDER, signatures, 2);
    if (known_find(verdict->fingerprints, fingerprint) != NULL || says_nothing_new(verdict, signatures, 2))
        return;
    remember_steps(verdict, signatures, 2);
    struct finding *finding = add_predicted(verdict, fingerprint, pairs, 2);
    if (finding == NULL)
        return;
    finding->advisory = true;
    finding->steps = allocate_zeroed(2, sizeof *finding->steps);
    memcpy(finding->steps, steps, sizeof steps);
}

static void found_ring(void *closure, const uint32_t *pairs, uint32_t count)
{
    struct verdict *verdict = closure;
    uint64_t matches = verdict->matches;
    if (orders_ring_is_cycle(verdict->orders, verdict->findings, pairs, count) ||
        orders_ring_follows_rule(verdict->orders, pairs, count))
        return;
    verdict->ring_is_told = false;
    found_cycle(closure, pairs, count);
    if (verdict->matches == matches && count == 2)
        add_order_of_one_thread(verdict, pairs);
}

static void find_in_loops(struct verdict *verdict)
{
    const struct graph *graph = verdict->graph;
    for (uint32_t i = 0; i < graph->loop_count; i += 2) {
        const uint32_t pairs[] = {graph->pair_count + i, graph->pair_count + i + 1};
        if (graph->pairs[pairs[0]].use_count != 0 && graph->pairs[pairs[1]].use_count != 0)
            found_ring(verdict, pairs, 2);
    }
}

/* Rings of one class, then those of several. A component that follows a rule as a whole has none of either. */
static void find_orders(struct verdict *verdict)
{
    struct graph *graph = verdict->graph;
    uint64_t left = work_allowed(verdict) / 4, of_loops = left / 2;
    verdict->work = of_loops;
    find_in_loops(verdict);
    if (verdict->work == 0)
        verdict->findings->cut++;
    left -= of_loops - verdict->work;
    qsort(graph->components, graph->component_count, sizeof *graph->components, compare_components);
    for (uint32_t i = 0; i < graph->component_count; i++) {
        uint64_t share = left / (graph->component_count - i);
        verdict->work = share;
        if (!orders_component_follows_rule(verdict->orders, &graph->components[i]))
            find_in_component(verdict, &graph->components[i], found_ring);
        left -= share - verdict->work;
    }
    verdict->findings->cut += feasibility_left_out(verdict->feasibility);
}

/* --- The whole --- */

static void look_at(struct verdict *verdict, const struct world *world, struct graph *graph)
{
    verdict->graph = graph;
    verdict->feasibility = feasibility_new(world, graph, verdict->segments, verdict->fingerprinter, &verdict->work);
}

/* Returns the components of the graph of locks, by lock; the caller frees them. */
static uint32_t *judge_locks(struct verdict *verdict)
{
    verdict->kind = FINDING_CYCLE;
    look_at(verdict, verdict->world, graph_new(verdict->world));
    add_events(verdict);
    find_self_deadlocks(verdict);
    find_cycles(verdict);
    feasibility_free(verdict->feasibility);
    uint32_t *component_of = verdict->graph->component_of;
    verdict->graph->component_of = NULL;
    graph_free(verdict->graph);
    return component_of;
}

static void judge_across_runs(struct verdict *verdict, const struct fingerprint_names *names)
{
    struct united united = united_new(verdict->world, names);
    if (united.any) {
        verdict->united = &united;
        verdict->meetings = meetings_new(verdict->world, names, verdict->segments);
        look_at(verdict, &united.world, graph_new(&united.world));
        feasibility_set_meetings(verdict->feasibility, verdict->meetings);
        find_cycles(verdict);
        feasibility_free(verdict->feasibility);
        graph_free(verdict->graph);
        meetings_free(verdict->meetings);
        verdict->meetings = NULL;
        verdict->united = NULL;
    }
    united_clear(&united);
}

static void judge_classes(struct verdict *verdict, const struct fingerprint_names *names, const uint32_t *component_of)
{
    verdict->kind = FINDING_ORDER;
    verdict->count = 0;
    verdict->orders = orders_new(verdict->world, names, component_of);
    look_at(verdict, verdict->world, orders_graph(verdict->orders));
    feasibility_set_judged(verdict->feasibility, component_of);
    find_orders(verdict);
    feasibility_free(verdict->feasibility);
    orders_free(verdict->orders);
}

struct findings *verdict_find(const struct world *world, const struct verdict_options *options)
{
    struct verdict verdict = {.world = world,
                              .findings = allocate_zeroed(1, sizeof(struct findings)),
                              .max_cycles = options->max_cycles == 0 ? VERDICT_DEFAULT_MAX_CYCLES : options->max_cycles,
                              .fingerprinter = fingerprinter_new(world, options->names),
                              .segments = segments_new(world)};
    uint32_t *component_of = judge_locks(&verdict);
    judge_across_runs(&verdict, &options->names);
    judge_classes(&verdict, &options->names, component_of);
    free(component_of);
    findings_sort(verdict.findings);
    known_free(&verdict.fingerprints);
    known_free(&verdict.step_sets);
    known_free(&verdict.happened);
    segments_free(verdict.segments);
    fingerprinter_free(verdict.fingerprinter);
    return verdict.findings;
}
