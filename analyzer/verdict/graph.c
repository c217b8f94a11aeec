/* Pairs by two bucket sorts; components after Tarjan, "Depth-first search and linear graph algorithms", SIAM J. Computing 1972,
 * with an explicit stack, since a chain of locks may be longer than ours. */
#include "graph.h"

#include "allocate.h"
#include "self_deadlock.h"

/* What is only needed while the graph is made. */
struct builder {
    const struct world *world;
    struct graph *graph;
    uint32_t node_count;         /* one more than there are, since 0 is none */
    size_t *first_use;           /* by held lock; one more than locks */
    struct lock_pair *all_pairs; /* those outside of components, too */
    uint32_t all_pair_count;
    uint32_t *first_of_all_pairs; /* by held lock; one more than locks */
};

/* --- Uses, sorted --- */

static uint32_t node_of(const struct builder *builder, struct lock_id lock)
{
    return graph_node(builder->graph, lock).index;
}

/* Dependencies sorted by wanted node, without those that wait for what they hold; the caller frees them. */
static uint32_t *sort_by_wanted(const struct builder *builder, uint32_t *count)
{
    const struct world *world = builder->world;
    uint32_t *next = allocate_zeroed((size_t)builder->node_count + 1, sizeof *next);
    uint32_t *sorted = allocate_zeroed(world->dependency_count, sizeof *sorted);
    bool *left_out = allocate_zeroed(world->dependency_count, sizeof *left_out);
    for (uint32_t i = 1; i < world->dependency_count; i++) {
        const struct dependency *dependency = &world->dependencies[i];
        left_out[i] = self_deadlock_held_index(dependency) < dependency->held_count || node_of(builder, dependency->lock) == 0;
        next[node_of(builder, dependency->lock) + 1] += !left_out[i];
    }
    for (uint32_t i = 0; i < builder->node_count; i++)
        next[i + 1] += next[i];
    *count = next[builder->node_count];
    for (uint32_t i = 1; i < world->dependency_count; i++) {
        if (!left_out[i])
            sorted[next[node_of(builder, world->dependencies[i].lock)]++] = i;
    }
    free(left_out);
    free(next);
    return sorted;
}

static void count_uses(struct builder *builder, const uint32_t *dependencies, uint32_t count)
{
    size_t *first_use = allocate_zeroed((size_t)builder->node_count + 1, sizeof *first_use);
    for (uint32_t i = 0; i < count; i++) {
        const struct dependency *dependency = &builder->world->dependencies[dependencies[i]];
        for (uint32_t held = 0; held < dependency->held_count; held++)
            first_use[node_of(builder, dependency->held[held].lock) + 1]++;
    }
    for (uint32_t i = 0; i < builder->node_count; i++)
        first_use[i + 1] += first_use[i];
    builder->first_use = first_use;
}

/* Puts the uses of each held node in the order of the wanted node, then of the dependency. */
static void sort_uses(struct builder *builder)
{
    uint32_t node_count = builder->node_count, dependency_count;
    uint32_t *dependencies = sort_by_wanted(builder, &dependency_count);
    count_uses(builder, dependencies, dependency_count);
    size_t *next = allocate_zeroed(node_count, sizeof *next);
    memcpy(next, builder->first_use, node_count * sizeof *next);
    struct pair_use *uses = allocate_zeroed(builder->first_use[node_count], sizeof *uses);
    for (uint32_t i = 0; i < dependency_count; i++) {
        const struct dependency *dependency = &builder->world->dependencies[dependencies[i]];
        for (uint32_t held = 0; held < dependency->held_count; held++)
            uses[next[node_of(builder, dependency->held[held].lock)]++] = (struct pair_use){{dependencies[i]}, held};
    }
    builder->graph->uses = uses;
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
    struct lock_pair *last = builder->all_pair_count == 0 ? NULL : &builder->all_pairs[builder->all_pair_count - 1];
    if (last == NULL || last->held.index != held.index || last->wanted.index != wanted.index) {
        builder->all_pairs = allocate_grown(builder->all_pairs, builder->all_pair_count, sizeof *builder->all_pairs);
        last = &builder->all_pairs[builder->all_pair_count++];
        *last = (struct lock_pair){.held = held, .wanted = wanted, .first_use = use_index};
    } else if (builder->graph->uses[last->first_use + last->use_count - 1].dependency.index == use.dependency.index &&
               is_held_before(builder, use)) {
        return;
    }
    builder->graph->uses[last->first_use + last->use_count++] = use;
}

static void make_all_pairs(struct builder *builder)
{
    builder->first_of_all_pairs = allocate_zeroed((size_t)builder->node_count + 1, sizeof(uint32_t));
    for (uint32_t lock = 0; lock < builder->node_count; lock++) {
        for (size_t use = builder->first_use[lock]; lock != 0 && use < builder->first_use[lock + 1]; use++)
            add_use(builder, (struct lock_id){lock}, use);
        builder->first_of_all_pairs[lock + 1] = builder->all_pair_count;
    }
}

/* --- Components: names as in Tarjan's paper --- */

struct tarjan {
    struct builder *builder;
    uint32_t *number; /* by lock, in the order of the search; 0: not visited */
    uint32_t *lowlink;
    uint32_t *next_pair; /* by lock: the pair to go along next */
    uint32_t *points;    /* the paper's stack of points whose component is not known yet */
    uint32_t point_count;
    bool *is_point;
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
    tarjan->number[lock] = tarjan->lowlink[lock] = ++tarjan->last_number;
    tarjan->next_pair[lock] = tarjan->builder->first_of_all_pairs[lock];
    tarjan->points[tarjan->point_count++] = lock;
    tarjan->is_point[lock] = true;
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
        tarjan->is_point[lock] = false;
        tarjan->builder->graph->component_of[lock] = component;
    } while (lock != root);
}

static void leave_lock(struct tarjan *tarjan, uint32_t lock)
{
    tarjan->path_length--;
    if (tarjan->lowlink[lock] == tarjan->number[lock])
        take_component(tarjan, lock);
    if (tarjan->path_length != 0) {
        uint32_t before = tarjan->path[tarjan->path_length - 1];
        tarjan->lowlink[before] = smaller(tarjan->lowlink[before], tarjan->lowlink[lock]);
    }
}

static void search_from(struct tarjan *tarjan, uint32_t root)
{
    const struct builder *builder = tarjan->builder;
    enter_lock(tarjan, root);
    while (tarjan->path_length != 0) {
        uint32_t lock = tarjan->path[tarjan->path_length - 1];
        if (tarjan->next_pair[lock] == builder->first_of_all_pairs[lock + 1]) {
            leave_lock(tarjan, lock);
            continue;
        }
        uint32_t wanted = builder->all_pairs[tarjan->next_pair[lock]++].wanted.index;
        if (tarjan->number[wanted] == 0)
            enter_lock(tarjan, wanted);
        else if (tarjan->is_point[wanted])
            tarjan->lowlink[lock] = smaller(tarjan->lowlink[lock], tarjan->number[wanted]);
    }
}

static void find_components(struct builder *builder)
{
    size_t count = builder->node_count;
    struct tarjan tarjan = {.builder = builder,
                            .number = allocate_zeroed(count, sizeof(uint32_t)),
                            .lowlink = allocate_zeroed(count, sizeof(uint32_t)),
                            .next_pair = allocate_zeroed(count, sizeof(uint32_t)),
                            .points = allocate_zeroed(count, sizeof(uint32_t)),
                            .is_point = allocate_zeroed(count, sizeof(bool)),
                            .path = allocate_zeroed(count, sizeof(uint32_t))};
    builder->graph->component_of = allocate_zeroed(count, sizeof(uint32_t));
    for (uint32_t lock = 1; lock < count; lock++) {
        if (tarjan.number[lock] == 0)
            search_from(&tarjan, lock);
    }
    free(tarjan.number);
    free(tarjan.lowlink);
    free(tarjan.next_pair);
    free(tarjan.points);
    free(tarjan.is_point);
    free(tarjan.path);
}

/* --- What is kept --- */

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

static bool is_inside(const struct builder *builder, const struct lock_pair *pair)
{
    uint32_t component = builder->graph->component_of[pair->held.index];
    return component != 0 && component == builder->graph->component_of[pair->wanted.index];
}

/* Moves the pairs inside components to the front of the array of all, which becomes the graph's. */
static void keep_pairs(struct builder *builder)
{
    struct graph *graph = builder->graph;
    graph->first_pair = allocate_zeroed((size_t)builder->node_count + 1, sizeof *graph->first_pair);
    graph->pairs = builder->all_pairs;
    for (uint32_t i = 0; i < builder->all_pair_count; i++) {
        struct lock_pair pair = builder->all_pairs[i];
        if (pair.held.index == pair.wanted.index || !is_inside(builder, &pair))
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
    for (uint32_t i = 0; i < builder->all_pair_count; i++) {
        struct lock_pair up = builder->all_pairs[i], down = up;
        if (up.held.index != up.wanted.index)
            continue;
        up.use_count = split_uses(builder, &builder->all_pairs[i]);
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
    sort_uses(&builder);
    make_all_pairs(&builder);
    find_components(&builder);
    list_component_locks(&builder);
    struct lock_pair *loops = list_loops(&builder);
    keep_pairs(&builder);
    make_reverse(&builder);
    append_loops(builder.graph, loops);
    free(builder.first_use);
    free(builder.first_of_all_pairs);
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
