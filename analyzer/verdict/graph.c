/* Components after Tarjan, "Depth-first search and linear graph algorithms", SIAM J. Computing 1972, with an explicit stack,
 * since a chain of locks may be longer than ours. They are found among bare numbers of nodes: only for what lies inside them, by
 * two bucket sorts, are pairs made. */
#include "graph.h"

#include "allocate.h"
#include "self_deadlock.h"

/* The nodes that each node leads to, as often as it does. */
struct arrows {
    size_t *first; /* by node: where its own start; one more than nodes */
    uint32_t *to;
};

/* What is only needed while the graph is made. */
struct builder {
    const struct world *world;
    struct graph *graph;
    uint32_t node_count;     /* one more than there are, since 0 is none */
    bool *is_left_out;       /* by dependency: it takes no part */
    struct arrows wanted;    /* from held nodes; ascending for each of them */
    size_t *first_use;       /* by held node; one more than nodes */
    struct lock_pair *pairs; /* those of the graph, and the loops among them */
    uint32_t pair_count;
};

static uint32_t node_of(const struct builder *builder, struct lock_id lock)
{
    return graph_node(builder->graph, lock).index;
}

/* Those that wait for what they hold. */
static void leave_out(struct builder *builder)
{
    const struct world *world = builder->world;
    builder->is_left_out = allocate_zeroed(world->dependency_count, sizeof(bool));
    for (uint32_t i = 1; i < world->dependency_count; i++) {
        const struct dependency *dependency = &world->dependencies[i];
        builder->is_left_out[i] =
            self_deadlock_held_index(dependency) < dependency->held_count || node_of(builder, dependency->lock) == 0;
    }
}

/* --- Arrows --- */

/* Numbers at [i + 1] that say how many each `i` has become where those of each start. */
static void add_up(size_t *first, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++)
        first[i + 1] += first[i];
}

/* `first`, to be counted up while what starts there is filled in; the caller frees it. */
static size_t *copy_starts(const size_t *first, uint32_t count)
{
    size_t *next = allocate_zeroed(count, sizeof *next);
    memcpy(next, first, count * sizeof *next);
    return next;
}

static void free_arrows(struct arrows *arrows)
{
    free(arrows->first);
    free(arrows->to);
}

/* From wanted to held nodes, in the order of the dependencies, which are read as they lie in memory. */
static struct arrows list_held(const struct builder *builder)
{
    const struct world *world = builder->world;
    struct arrows held = {.first = allocate_zeroed((size_t)builder->node_count + 1, sizeof(size_t))};
    for (uint32_t i = 1; i < world->dependency_count; i++) {
        if (!builder->is_left_out[i])
            held.first[node_of(builder, world->dependencies[i].lock) + 1] += world->dependencies[i].held_count;
    }
    add_up(held.first, builder->node_count);
    held.to = allocate_zeroed(held.first[builder->node_count], sizeof *held.to);
    size_t *next = copy_starts(held.first, builder->node_count);
    for (uint32_t i = 1; i < world->dependency_count; i++) {
        const struct dependency *dependency = &world->dependencies[i];
        for (uint32_t index = 0; index < dependency->held_count && !builder->is_left_out[i]; index++)
            held.to[next[node_of(builder, dependency->lock)]++] = node_of(builder, dependency->held[index].lock);
    }
    free(next);
    return held;
}

/* The same arrows the other way; those of each node are ascending. */
static struct arrows turn_around(const struct arrows *arrows, uint32_t node_count)
{
    struct arrows turned = {.first = allocate_zeroed((size_t)node_count + 1, sizeof(size_t)),
                            .to = allocate_zeroed(arrows->first[node_count], sizeof(uint32_t))};
    for (size_t i = 0; i < arrows->first[node_count]; i++)
        turned.first[arrows->to[i] + 1]++;
    add_up(turned.first, node_count);
    size_t *next = copy_starts(turned.first, node_count);
    for (uint32_t node = 0; node < node_count; node++) {
        for (size_t i = arrows->first[node]; i < arrows->first[node + 1]; i++)
            turned.to[next[arrows->to[i]]++] = node;
    }
    free(next);
    return turned;
}

static void list_wanted(struct builder *builder)
{
    struct arrows held = list_held(builder);
    builder->wanted = turn_around(&held, builder->node_count);
    free_arrows(&held);
}

/* --- Components: names as in Tarjan's paper --- */

/* What is known of a lock, in one place: it is asked for together, of locks far apart in memory. */
struct visit {
    uint32_t number; /* in the order of the search; 0: not visited */
    uint32_t lowlink;
    uint32_t arrows_gone; /* along so many of its arrows */
    bool is_point;
};

struct tarjan {
    struct builder *builder;
    struct visit *visits; /* by lock */
    uint32_t *points;     /* the paper's stack of points whose component is not known yet */
    uint32_t point_count;
    uint32_t *path; /* from the root of the search to where it is */
    uint32_t path_length;
    uint32_t last_number;
};

static uint32_t smaller(uint32_t left, uint32_t right)
{
    return left < right ? left : right;
}

static void enter_lock(struct tarjan *tarjan, uint32_t lock)
{
    uint32_t number = ++tarjan->last_number;
    tarjan->visits[lock] = (struct visit){number, number, 0, true};
    tarjan->points[tarjan->point_count++] = lock;
    tarjan->path[tarjan->path_length++] = lock;
}

/* The points from `root` up are a component. A lone lock is none. */
static void take_component(struct tarjan *tarjan, uint32_t root)
{
    bool alone = tarjan->points[tarjan->point_count - 1] == root;
    uint32_t component = alone ? 0 : ++tarjan->builder->graph->component_count;
    uint32_t lock;
    do {
        lock = tarjan->points[--tarjan->point_count];
        tarjan->visits[lock].is_point = false;
        tarjan->builder->graph->component_of[lock] = component;
    } while (lock != root);
}

static void leave_lock(struct tarjan *tarjan, uint32_t lock)
{
    const struct visit *visit = &tarjan->visits[lock];
    tarjan->path_length--;
    if (visit->lowlink == visit->number)
        take_component(tarjan, lock);
    if (tarjan->path_length != 0) {
        struct visit *before = &tarjan->visits[tarjan->path[tarjan->path_length - 1]];
        before->lowlink = smaller(before->lowlink, visit->lowlink);
    }
}

static void search_from(struct tarjan *tarjan, uint32_t root)
{
    const struct arrows *arrows = &tarjan->builder->wanted;
    enter_lock(tarjan, root);
    while (tarjan->path_length != 0) {
        uint32_t lock = tarjan->path[tarjan->path_length - 1];
        struct visit *visit = &tarjan->visits[lock];
        size_t next = arrows->first[lock] + visit->arrows_gone;
        if (next == arrows->first[lock + 1]) {
            leave_lock(tarjan, lock);
            continue;
        }
        uint32_t wanted = arrows->to[next];
        visit->arrows_gone++;
        if (tarjan->visits[wanted].number == 0)
            enter_lock(tarjan, wanted);
        else if (tarjan->visits[wanted].is_point)
            visit->lowlink = smaller(visit->lowlink, tarjan->visits[wanted].number);
    }
}

static void find_components(struct builder *builder)
{
    size_t count = builder->node_count;
    struct tarjan tarjan = {.builder = builder,
                            .visits = allocate_zeroed(count, sizeof(struct visit)),
                            .points = allocate_zeroed(count, sizeof(uint32_t)),
                            .path = allocate_zeroed(count, sizeof(uint32_t))};
    builder->graph->component_of = allocate_zeroed(count, sizeof(uint32_t));
    for (uint32_t lock = 1; lock < count; lock++) {
        if (tarjan.visits[lock].number == 0)
            search_from(&tarjan, lock);
    }
    free(tarjan.visits);
    free(tarjan.points);
    free(tarjan.path);
}

static void list_component_locks(struct builder *builder)
{
    struct graph *graph = builder->graph;
    uint32_t lock_count = builder->node_count, next = 0;
    graph->components = allocate_zeroed(graph->component_count, sizeof *graph->components);
    graph->component_locks = allocate_zeroed(lock_count, sizeof *graph->component_locks);
    for (uint32_t lock = 1; lock < lock_count; lock++) {
        if (builder->graph->component_of[lock] != 0)
            graph->components[builder->graph->component_of[lock] - 1].lock_count++;
    }
    for (uint32_t i = 0; i < graph->component_count; i++) {
        graph->components[i].first_lock = next;
        next += graph->components[i].lock_count;
        graph->components[i].lock_count = 0;
    }
    for (uint32_t lock = 1; lock < lock_count; lock++) {
        if (builder->graph->component_of[lock] == 0)
            continue;
        struct component *component = &graph->components[builder->graph->component_of[lock] - 1];
        graph->component_locks[component->first_lock + component->lock_count++] = lock;
    }
}

/* --- Uses, sorted --- */

/* Whether the pair lies on a cycle of pairs, or is a loop. */
static bool is_kept(const struct builder *builder, uint32_t held, uint32_t wanted)
{
    const uint32_t *component_of = builder->graph->component_of;
    return held == wanted || (component_of[held] != 0 && component_of[held] == component_of[wanted]);
}

static bool has_use(const struct builder *builder, uint32_t index)
{
    const struct dependency *dependency = &builder->world->dependencies[index];
    uint32_t wanted = node_of(builder, dependency->lock), held = 0;
    if (builder->is_left_out[index])
        return false;
    while (held < dependency->held_count && !is_kept(builder, node_of(builder, dependency->held[held].lock), wanted))
        held++;
    return held < dependency->held_count;
}

/* The dependencies that have uses, sorted by wanted node; the caller frees them. */
static uint32_t *sort_by_wanted(struct builder *builder, uint32_t *count)
{
    const struct world *world = builder->world;
    size_t *next = allocate_zeroed((size_t)builder->node_count + 1, sizeof *next);
    for (uint32_t i = 1; i < world->dependency_count; i++) {
        builder->is_left_out[i] = !has_use(builder, i);
        next[node_of(builder, world->dependencies[i].lock) + 1] += !builder->is_left_out[i];
    }
    add_up(next, builder->node_count);
    *count = (uint32_t)next[builder->node_count];
    uint32_t *sorted = allocate_zeroed(*count, sizeof *sorted);
    for (uint32_t i = 1; i < world->dependency_count; i++) {
        if (!builder->is_left_out[i])
            sorted[next[node_of(builder, world->dependencies[i].lock)]++] = i;
    }
    free(next);
    return sorted;
}

/* Where the uses of each held node start, all of these being of the dependencies. */
static void count_uses(struct builder *builder, const uint32_t *dependencies, uint32_t count)
{
    size_t *first_use = allocate_zeroed((size_t)builder->node_count + 1, sizeof *first_use);
    for (uint32_t i = 0; i < count; i++) {
        const struct dependency *dependency = &builder->world->dependencies[dependencies[i]];
        uint32_t wanted = node_of(builder, dependency->lock);
        for (uint32_t index = 0; index < dependency->held_count; index++) {
            uint32_t held = node_of(builder, dependency->held[index].lock);
            first_use[held + 1] += is_kept(builder, held, wanted);
        }
    }
    add_up(first_use, builder->node_count);
    builder->first_use = first_use;
}

static void add_uses_of(const struct builder *builder, uint32_t index, size_t *next)
{
    const struct dependency *dependency = &builder->world->dependencies[index];
    uint32_t wanted = node_of(builder, dependency->lock);
    for (uint32_t i = 0; i < dependency->held_count; i++) {
        uint32_t held = node_of(builder, dependency->held[i].lock);
        if (is_kept(builder, held, wanted))
            builder->graph->uses[next[held]++] = (struct pair_use){{index}, i};
    }
}

/* Puts the uses of each held node in the order of the wanted node, then of the dependency. */
static void sort_uses(struct builder *builder)
{
    uint32_t dependency_count;
    uint32_t *dependencies = sort_by_wanted(builder, &dependency_count);
    count_uses(builder, dependencies, dependency_count);
    size_t *next = copy_starts(builder->first_use, builder->node_count);
    builder->graph->uses = allocate_zeroed(builder->first_use[builder->node_count], sizeof(struct pair_use));
    for (uint32_t i = 0; i < dependency_count; i++)
        add_uses_of(builder, dependencies[i], next);
    free(next);
    free(dependencies);
}

/* --- Pairs --- */

/* Whether the dependency of a use holds the same lock further left, too. */
static bool is_held_before(const struct builder *builder, struct pair_use use)
{
    const struct held_lock *held = builder->world->dependencies[use.dependency.index].held;
    uint32_t i = 0;
    while (held[i].lock.index != held[use.held_index].lock.index)
        i++;
    return i < use.held_index;
}

/* A lock that is twice in one held list makes one use, at its first place. */
static void add_use(struct builder *builder, struct lock_id held, size_t use_index)
{
    struct pair_use use = builder->graph->uses[use_index];
    struct lock_id wanted = {node_of(builder, builder->world->dependencies[use.dependency.index].lock)};
    struct lock_pair *last = builder->pair_count == 0 ? NULL : &builder->pairs[builder->pair_count - 1];
    if (last == NULL || last->held.index != held.index || last->wanted.index != wanted.index) {
        builder->pairs = allocate_grown(builder->pairs, builder->pair_count, sizeof *builder->pairs);
        last = &builder->pairs[builder->pair_count++];
        *last = (struct lock_pair){.held = held, .wanted = wanted, .first_use = use_index};
    } else if (builder->graph->uses[last->first_use + last->use_count - 1].dependency.index == use.dependency.index &&
               is_held_before(builder, use)) {
        return;
    }
    builder->graph->uses[last->first_use + last->use_count++] = use;
}

static void make_pairs(struct builder *builder)
{
    for (uint32_t held = 1; held < builder->node_count; held++) {
        for (size_t use = builder->first_use[held]; use < builder->first_use[held + 1]; use++)
            add_use(builder, (struct lock_id){held}, use);
    }
}

static uint64_t count_pair(const struct builder *builder, const struct lock_pair *pair)
{
    uint64_t count = 0;
    for (size_t i = pair->first_use; i < pair->first_use + pair->use_count; i++) {
        const struct dependency *dependency = &builder->world->dependencies[builder->graph->uses[i].dependency.index];
        for (uint32_t witness = 0; witness < dependency->witness_count; witness++)
            count += dependency->witnesses[witness].count;
    }
    return count;
}

/* Moves the pairs that are no loops to the front of the array, which becomes the graph's. */
static void keep_pairs(struct builder *builder)
{
    struct graph *graph = builder->graph;
    graph->first_pair = allocate_zeroed((size_t)builder->node_count + 1, sizeof *graph->first_pair);
    graph->pairs = builder->pairs;
    for (uint32_t i = 0; i < builder->pair_count; i++) {
        struct lock_pair pair = builder->pairs[i];
        if (pair.held.index == pair.wanted.index)
            continue;
        pair.count = count_pair(builder, &pair);
        graph->first_pair[pair.held.index + 1]++;
        graph->components[builder->graph->component_of[pair.held.index] - 1].pair_count++;
        graph->pairs[graph->pair_count++] = pair;
    }
    for (uint32_t i = 0; i < builder->node_count; i++)
        graph->first_pair[i + 1] += graph->first_pair[i];
}

/* --- Loops --- */

static bool goes_up(const struct builder *builder, struct pair_use use)
{
    const struct dependency *dependency = &builder->world->dependencies[use.dependency.index];
    const struct lock *locks = builder->world->locks;
    return locks[dependency->held[use.held_index].lock.index].address < locks[dependency->lock.index].address;
}

/* Puts the uses that go up before those that go down and returns how many there are. */
static uint32_t split_uses(const struct builder *builder, const struct lock_pair *loop)
{
    struct pair_use *uses = &builder->graph->uses[loop->first_use], *down = allocate_zeroed(loop->use_count, sizeof *down);
    uint32_t up_count = 0, down_count = 0;
    for (uint32_t i = 0; i < loop->use_count; i++) {
        if (goes_up(builder, uses[i]))
            uses[up_count++] = uses[i];
        else
            down[down_count++] = uses[i];
    }
    memcpy(&uses[up_count], down, down_count * sizeof *down);
    free(down);
    return up_count;
}

static void append_loop(struct builder *builder, struct lock_pair **loops, struct lock_pair loop)
{
    loop.count = count_pair(builder, &loop);
    *loops = allocate_grown(*loops, builder->graph->loop_count, sizeof **loops);
    (*loops)[builder->graph->loop_count++] = loop;
}

/* Before keep_pairs, which overwrites them. */
static struct lock_pair *list_loops(struct builder *builder)
{
    struct lock_pair *loops = NULL;
    for (uint32_t i = 0; i < builder->pair_count; i++) {
        struct lock_pair up = builder->pairs[i], down = up;
        if (up.held.index != up.wanted.index)
            continue;
        up.use_count = split_uses(builder, &builder->pairs[i]);
        down.first_use += up.use_count;
        down.use_count -= up.use_count;
        append_loop(builder, &loops, up);
        append_loop(builder, &loops, down);
    }
    return loops;
}

static void append_loops(struct graph *graph, struct lock_pair *loops)
{
    if (graph->loop_count != 0) {
        graph->pairs =
            allocate_checked(reallocarray(graph->pairs, (size_t)graph->pair_count + graph->loop_count, sizeof *graph->pairs));
        memcpy(&graph->pairs[graph->pair_count], loops, graph->loop_count * sizeof *loops);
    }
    free(loops);
}

static void make_reverse(struct builder *builder)
{
    struct graph *graph = builder->graph;
    uint32_t lock_count = builder->node_count;
    graph->first_reverse = allocate_zeroed((size_t)lock_count + 1, sizeof *graph->first_reverse);
    graph->reverse_held = allocate_zeroed(graph->pair_count, sizeof *graph->reverse_held);
    for (uint32_t i = 0; i < graph->pair_count; i++)
        graph->first_reverse[graph->pairs[i].wanted.index + 1]++;
    for (uint32_t i = 0; i < lock_count; i++)
        graph->first_reverse[i + 1] += graph->first_reverse[i];
    uint32_t *next = allocate_zeroed(lock_count, sizeof *next);
    memcpy(next, graph->first_reverse, lock_count * sizeof *next);
    for (uint32_t i = 0; i < graph->pair_count; i++)
        graph->reverse_held[next[graph->pairs[i].wanted.index]++] = graph->pairs[i].held.index;
    free(next);
}

static struct graph *build(const struct world *world, const uint32_t *class_of, uint32_t node_count)
{
    struct builder builder = {.world = world, .graph = allocate_zeroed(1, sizeof(struct graph)), .node_count = node_count};
    builder.graph->class_of = class_of;
    leave_out(&builder);
    list_wanted(&builder);
    find_components(&builder);
    free_arrows(&builder.wanted);
    list_component_locks(&builder);
    sort_uses(&builder);
    make_pairs(&builder);
    struct lock_pair *loops = list_loops(&builder);
    keep_pairs(&builder);
    make_reverse(&builder);
    append_loops(builder.graph, loops);
    free(builder.is_left_out);
    free(builder.first_use);
    return builder.graph;
}

struct graph *graph_new(const struct world *world)
{
    return build(world, NULL, world->lock_count);
}

struct graph *graph_new_of_classes(const struct world *world, const uint32_t *class_of, uint32_t class_count)
{
    return build(world, class_of, class_count + 1);
}

void graph_free(struct graph *graph)
{
    if (graph == NULL)
        return;
    free(graph->uses);
    free(graph->pairs);
    free(graph->first_pair);
    free(graph->first_reverse);
    free(graph->reverse_held);
    free(graph->components);
    free(graph->component_locks);
    free(graph->component_of);
    free(graph);
}

uint32_t graph_find_pair(const struct graph *graph, struct lock_id held, struct lock_id wanted)
{
    uint32_t low = graph->first_pair[held.index], high = graph->first_pair[held.index + 1];
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (graph->pairs[middle].wanted.index < wanted.index)
            low = middle + 1;
        else
            high = middle;
    }
    bool found = low < graph->first_pair[held.index + 1] && graph->pairs[low].wanted.index == wanted.index;
    return found ? low : UINT32_MAX;
}
