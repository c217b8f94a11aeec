#include "orders.h"

#include "allocate.h"
#include "classes.h"
#include "discipline.h"
#include "exchange.h"

/* Two locks of one class, always taken in the order of their addresses, are silent from the first pair on. Between classes that
 * is rather how memory happened to be given out, until there are so many pairs that chance would hardly do it. */
enum {
    ADDRESS_PAIRS_BESIDE_TIES = 2,
    ADDRESS_PAIRS_BETWEEN_CLASSES = 6,
    HIERARCHY_PAIRS = 2,
    HIERARCHY_PAIRS_BETWEEN_CLASSES = 4
};

/* Tie-breaking locks that are tried for one class. */
enum { TIE_BREAKERS = 8 };

/* Comparisons of two uses until a search among those of one thread ends. */
enum { WORK = 1 << 20 };

struct orders {
    const struct world *world;
    const uint32_t *component_of; /* by lock, in the graph of locks */
    struct classes classes;
    struct graph *graph;
    uint32_t *locks_of_class; /* how many take part */
};

struct orders *orders_new(const struct world *world, const struct fingerprint_names *names, const uint32_t *component_of)
{
    struct orders *orders = allocate_zeroed(1, sizeof *orders);
    orders->world = world;
    orders->component_of = component_of;
    orders->classes = classes_find(world, names);
    orders->graph = graph_new_of_classes(world, orders->classes.class_of, orders->classes.count);
    orders->locks_of_class = allocate_zeroed((size_t)orders->classes.count + 1, sizeof *orders->locks_of_class);
    for (uint32_t lock = 1; lock < world->lock_count; lock++)
        orders->locks_of_class[orders->classes.class_of[lock]]++;
    return orders;
}

void orders_free(struct orders *orders)
{
    if (orders == NULL)
        return;
    graph_free(orders->graph);
    classes_free(&orders->classes);
    free(orders->locks_of_class);
    free(orders);
}

struct graph *orders_graph(const struct orders *orders)
{
    return orders->graph;
}

/* --- Cycles that were found --- */

/* How many steps of the finding go from the one class to the other. */
static uint32_t count_steps(const struct orders *orders, const struct finding *finding, const struct lock_pair *pair)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < finding->step_count; i++) {
        const struct dependency *dependency = &orders->world->dependencies[finding->steps[i].dependency.index];
        struct lock_id held = graph_node(orders->graph, dependency->held[finding->steps[i].held_index].lock);
        count += held.index == pair->held.index && graph_node(orders->graph, dependency->lock).index == pair->wanted.index;
    }
    return count;
}

static bool is_made_by(const struct orders *orders, const struct finding *finding, const uint32_t *pairs, uint32_t count)
{
    if (pairs[0] >= orders->graph->pair_count)
        return count_steps(orders, finding, &orders->graph->pairs[pairs[0]]) == finding->step_count;
    for (uint32_t i = 0; i < count; i++) {
        if (count_steps(orders, finding, &orders->graph->pairs[pairs[i]]) == 0)
            return false;
    }
    return true;
}

bool orders_ring_is_cycle(const struct orders *orders, const struct findings *findings, const uint32_t *pairs, uint32_t count)
{
    for (uint32_t i = 0; i < findings->count; i++) {
        const struct finding *finding = &findings->items[i];
        if (finding->kind == FINDING_CYCLE && finding->step_count > 1 && is_made_by(orders, finding, pairs, count))
            return true;
    }
    return false;
}

/* --- Pairs of instances --- */

struct instances {
    struct instance_pair *pairs;
    uint32_t count;
};

static const struct dependency *dependency_of(const struct orders *orders, const struct pair_use *use)
{
    return &orders->world->dependencies[use->dependency.index];
}

static bool holds_exclusively(const struct dependency *dependency, uint32_t lock)
{
    for (uint32_t i = 0; i < dependency->held_count; i++) {
        if (dependency->held[i].lock.index == lock && dependency->held[i].mode == TRACE_MODE_EXCLUSIVE)
            return true;
    }
    return false;
}

static void add_pair(struct instances *instances, struct instance_pair pair)
{
    instances->pairs = allocate_grown(instances->pairs, instances->count, sizeof *instances->pairs);
    instances->pairs[instances->count++] = pair;
}

/* Those of the uses of a pair that do not hold `without`, if that is a lock. */
static void add_instances(const struct orders *orders, struct instances *instances, uint32_t pair, uint32_t without)
{
    const struct lock_pair *from = &orders->graph->pairs[pair];
    for (uint32_t i = 0; i < from->use_count; i++) {
        const struct pair_use *use = &orders->graph->uses[from->first_use + i];
        const struct dependency *dependency = dependency_of(orders, use);
        if (without == 0 || !holds_exclusively(dependency, without))
            add_pair(instances, (struct instance_pair){dependency->held[use->held_index].lock.index, dependency->lock.index});
    }
}

static bool follow_rule(const struct orders *orders, const uint32_t *pairs, uint32_t count, uint32_t without,
                        struct discipline_needs needs)
{
    struct instances instances = {NULL, 0};
    for (uint32_t i = 0; i < count; i++)
        add_instances(orders, &instances, pairs[i], without);
    bool follow = instances.count != 0 && discipline_is_followed(orders->world, instances.pairs, instances.count, needs);
    free(instances.pairs);
    return follow;
}

/* --- One class --- */

/* Locks of other classes that are held while the pairs of a loop are taken, each once; at most TIE_BREAKERS. */
static uint32_t list_tie_breakers(const struct orders *orders, const struct lock_pair *loop, uint32_t *locks, uint32_t count)
{
    for (uint32_t i = 0; i < loop->use_count; i++) {
        const struct dependency *dependency = dependency_of(orders, &orders->graph->uses[loop->first_use + i]);
        for (uint32_t held = 0; held < dependency->held_count && count < TIE_BREAKERS; held++) {
            struct held_lock lock = dependency->held[held];
            bool is_new = graph_node(orders->graph, lock.lock).index != loop->held.index && lock.mode == TRACE_MODE_EXCLUSIVE;
            for (uint32_t known = 0; known < count; known++)
                is_new &= locks[known] != lock.lock.index;
            if (is_new)
                locks[count++] = lock.lock.index;
        }
    }
    return count;
}

/* Whether all uses of the loops that do not hold the tie-breaker hold `guard`, and there are some. */
static bool guards_the_others(const struct orders *orders, const uint32_t pairs[2], uint32_t tie_breaker, uint32_t guard)
{
    bool any = false;
    for (uint32_t loop = 0; loop < 2; loop++) {
        const struct lock_pair *pair = &orders->graph->pairs[pairs[loop]];
        for (uint32_t i = 0; i < pair->use_count; i++) {
            const struct dependency *dependency = dependency_of(orders, &orders->graph->uses[pair->first_use + i]);
            if (holds_exclusively(dependency, tie_breaker))
                continue;
            if (!holds_exclusively(dependency, guard))
                return false;
            any = true;
        }
    }
    return any;
}

/* Pairs that no key orders may be taken under one further lock, whatever their order; the others then follow the rule alone. Two
 * locks, one around each half of the pairs, are no tie-breakers but guards that guard nothing. */
static bool loops_follow_rule(const struct orders *orders, const uint32_t pairs[2])
{
    const struct discipline_needs needs = {1, HIERARCHY_PAIRS}, without_ties = {ADDRESS_PAIRS_BESIDE_TIES, HIERARCHY_PAIRS};
    uint32_t tie_breakers[TIE_BREAKERS];
    if (!exchange_is_possible(orders->world, orders->graph, &orders->classes, pairs) || follow_rule(orders, pairs, 2, 0, needs))
        return true;
    uint32_t count = list_tie_breakers(orders, &orders->graph->pairs[pairs[0]], tie_breakers, 0);
    count = list_tie_breakers(orders, &orders->graph->pairs[pairs[1]], tie_breakers, count);
    for (uint32_t i = 0; i < count; i++) {
        bool guarded = false;
        for (uint32_t other = 0; other < count; other++)
            guarded |= other != i && guards_the_others(orders, pairs, tie_breakers[i], tie_breakers[other]);
        if (!guarded && follow_rule(orders, pairs, 2, tie_breakers[i], without_ties))
            return true;
    }
    return false;
}

/* --- Several classes --- */

/* A class of one lock is no level of a tree: everything meets there. */
static struct discipline_needs needs_between_classes(const struct orders *orders, const uint32_t *pairs, uint32_t count)
{
    struct discipline_needs needs = {ADDRESS_PAIRS_BETWEEN_CLASSES, HIERARCHY_PAIRS_BETWEEN_CLASSES};
    for (uint32_t i = 0; i < count; i++) {
        if (orders->locks_of_class[orders->graph->pairs[pairs[i]].held.index] == 1)
            needs.hierarchy_pairs = UINT32_MAX;
    }
    return needs;
}

bool orders_ring_follows_rule(const struct orders *orders, const uint32_t *pairs, uint32_t count)
{
    if (pairs[0] >= orders->graph->pair_count)
        return loops_follow_rule(orders, pairs);
    return follow_rule(orders, pairs, count, 0, needs_between_classes(orders, pairs, count));
}

static void add_index(uint32_t **pairs, uint32_t *count, uint32_t index)
{
    *pairs = allocate_grown(*pairs, *count, sizeof **pairs);
    (*pairs)[(*count)++] = index;
}

/* Loops are sorted by class, two for each. */
static void add_loops(const struct graph *graph, uint32_t node, uint32_t **pairs, uint32_t *count)
{
    uint32_t low = 0, high = graph->loop_count / 2;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (graph->pairs[graph->pair_count + 2 * middle].held.index < node)
            low = middle + 1;
        else
            high = middle;
    }
    uint32_t loop = graph->pair_count + 2 * low;
    if (low == graph->loop_count / 2 || graph->pairs[loop].held.index != node)
        return;
    add_index(pairs, count, loop);
    add_index(pairs, count, loop + 1);
}

bool orders_component_follows_rule(const struct orders *orders, const struct component *component)
{
    const struct graph *graph = orders->graph;
    uint32_t *pairs = NULL, count = 0;
    for (uint32_t i = 0; i < component->lock_count; i++) {
        uint32_t node = graph->component_locks[component->first_lock + i];
        for (uint32_t pair = graph->first_pair[node]; pair < graph->first_pair[node + 1]; pair++)
            add_index(&pairs, &count, pair);
        add_loops(graph, node, &pairs, &count);
    }
    bool follows = follow_rule(orders, pairs, count, 0, needs_between_classes(orders, pairs, count));
    free(pairs);
    return follows;
}

/* --- One thread --- */

/* The thread of all witnesses of the pair's uses; none where there are several, or where one is not known. */
static struct thread_id only_thread(const struct orders *orders, const struct lock_pair *pair)
{
    struct thread_id only = {0};
    for (uint32_t i = 0; i < pair->use_count; i++) {
        const struct dependency *dependency = dependency_of(orders, &orders->graph->uses[pair->first_use + i]);
        for (uint32_t witness = 0; witness < dependency->witness_count; witness++) {
            struct thread_id thread = orders->world->segments[dependency->witnesses[witness].segment.index].thread;
            if (thread.index == 0 || (only.index != 0 && only.index != thread.index))
                return (struct thread_id){0};
            only = thread;
        }
    }
    return only;
}

static bool exclude(enum trace_mode left, enum trace_mode right)
{
    return left == TRACE_MODE_EXCLUSIVE || right == TRACE_MODE_EXCLUSIVE;
}

static bool share_guard(const struct dependency *left, const struct dependency *right)
{
    for (uint32_t i = 0; i < left->held_count; i++) {
        for (uint32_t j = 0; j < right->held_count; j++) {
            if (left->held[i].lock.index == right->held[j].lock.index && exclude(left->held[i].mode, right->held[j].mode))
                return true;
        }
    }
    return false;
}

/* The component of the graph of locks that the use lies in, or 0. */
static uint32_t judged_in(const struct orders *orders, const struct dependency *dependency, struct held_lock held)
{
    uint32_t component = orders->component_of[held.lock.index];
    return component == orders->component_of[dependency->lock.index] ? component : 0;
}

/* Whether two threads could be in the two uses, the locks being other ones. What lies on a cycle of locks was judged there. */
static bool can_meet(const struct orders *orders, const struct pair_use *left, const struct pair_use *right)
{
    const struct dependency *a = dependency_of(orders, left), *b = dependency_of(orders, right);
    struct held_lock held_by_a = a->held[left->held_index], held_by_b = b->held[right->held_index];
    if (a->witness_count == 0 || b->witness_count == 0)
        return false;
    bool were_judged = judged_in(orders, a, held_by_a) != 0 && judged_in(orders, a, held_by_a) == judged_in(orders, b, held_by_b);
    return !were_judged && !share_guard(a, b) && exclude(a->mode, held_by_b.mode) && exclude(b->mode, held_by_a.mode);
}

static struct finding_step step_of(const struct orders *orders, const struct pair_use *use, const struct lock_pair *pair)
{
    struct segment_id segment = dependency_of(orders, use)->witnesses[0].segment;
    return finding_step_of(orders->world, use->dependency, use->held_index, segment, pair->count);
}

bool orders_are_of_one_thread(const struct orders *orders, const uint32_t pairs[2], struct finding_step steps[2])
{
    const struct lock_pair *left = &orders->graph->pairs[pairs[0]], *right = &orders->graph->pairs[pairs[1]];
    struct thread_id thread = only_thread(orders, left);
    if (thread.index == 0 || thread.index != only_thread(orders, right).index)
        return false;
    uint32_t work = WORK;
    for (uint32_t i = 0; i < left->use_count; i++) {
        for (uint32_t j = 0; j < right->use_count && work != 0; j++, work--) {
            const struct pair_use *a = &orders->graph->uses[left->first_use + i], *b = &orders->graph->uses[right->first_use + j];
            if (!can_meet(orders, a, b))
                continue;
            steps[0] = step_of(orders, a, left);
            steps[1] = step_of(orders, b, right);
            return true;
        }
    }
    return false;
}
