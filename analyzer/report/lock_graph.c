#include "lock_graph.h"

#include <inttypes.h>

#include "allocate.h"
#include "event_words.h"
#include "stack.h"

#include <uthash.h>

struct node_entry {
    char *key;
    uint32_t node;
    UT_hash_handle hh;
};

struct edge_entry {
    uint64_t key; /* held << 32 | wanted */
    uint32_t edge;
    UT_hash_handle hh;
};

struct builder {
    const struct report *report;
    struct lock_graph *graph;
    struct node_entry *nodes;
    struct edge_entry *edges;
};

/* --- Nodes --- */

/* Of the code that initialises it, else of the code that first took it; a static lock lies in its module. */
static const char *module_of(const struct report *report, const struct lock *lock)
{
    struct module_id module = lock->module;
    if (module.index == 0) {
        struct stack stack;
        stack_open(&stack, report->world, report->symbolizer,
                   lock->initialized_at.index != 0 ? lock->initialized_at : lock->first_used_at);
        if (stack.count != 0)
            module = stack.lines[stack.place].module_id;
        stack_close(&stack);
    }
    return module.index == 0 ? "" : stack_base_name(report->world->modules[module.index].path);
}

static uint32_t add_node(struct lock_graph *graph, struct lock_node node)
{
    graph->nodes = allocate_grown(graph->nodes, graph->node_count, sizeof *graph->nodes);
    graph->nodes[graph->node_count] = node;
    return graph->node_count++;
}

static uint32_t find_class(struct builder *builder, struct lock_id id)
{
    const struct lock *lock = &builder->report->world->locks[id.index];
    struct lock_node node = {.name = lock_names_class(builder->report->lock_names, id),
                             .kind = lock_kind_name(lock->kind),
                             .module = module_of(builder->report, lock)};
    char *key = allocate_text("%s\n%s\n%s", node.kind, node.module, node.name);
    struct node_entry *entry = NULL;
    HASH_FIND_STR(builder->nodes, key, entry);
    if (entry != NULL) {
        free(key);
        return entry->node;
    }
    entry = allocate_zeroed(1, sizeof *entry);
    *entry = (struct node_entry){.key = key, .node = add_node(builder->graph, node)};
    HASH_ADD_KEYPTR(hh, builder->nodes, entry->key, strlen(entry->key), entry);
    return entry->node;
}

static uint32_t find_node_number(struct builder *builder, struct lock_id lock)
{
    uint32_t *known = &builder->graph->node_of[lock.index];
    if (*known == 0) {
        *known = find_class(builder, lock) + 1;
        builder->graph->nodes[*known - 1].locks++;
    }
    return *known - 1;
}

static uint32_t node_of(struct builder *builder, struct lock_id lock)
{
    uint32_t node = find_node_number(builder, lock);
    builder->graph->nodes[node].is_ordered = true;
    return node;
}

static struct lock_node *find_node(struct builder *builder, struct lock_id lock)
{
    uint32_t node = node_of(builder, lock); /* it may move the nodes */
    return &builder->graph->nodes[node];
}

/* --- Edges --- */

static struct lock_edge *edge_of(struct builder *builder, const struct held_lock *held, const struct held_lock *wanted)
{
    struct lock_graph *graph = builder->graph;
    uint32_t from = node_of(builder, held->lock), to = node_of(builder, wanted->lock);
    uint64_t key = (uint64_t)from << 32 | to;
    struct edge_entry *entry = NULL;
    HASH_FIND(hh, builder->edges, &key, sizeof key, entry);
    if (entry != NULL)
        return &graph->edges[entry->edge];
    entry = allocate_zeroed(1, sizeof *entry);
    *entry = (struct edge_entry){.key = key, .edge = graph->edge_count};
    HASH_ADD(hh, builder->edges, key, sizeof entry->key, entry);
    graph->edges = allocate_grown(graph->edges, graph->edge_count, sizeof *graph->edges);
    graph->edges[graph->edge_count] =
        (struct lock_edge){.held = from, .wanted = to, .held_at = held->context, .wanted_at = wanted->context};
    return &graph->edges[graph->edge_count++];
}

static void add_dependency(struct builder *builder, const struct dependency *dependency)
{
    const struct held_lock wanted = {dependency->lock, dependency->context, dependency->mode};
    uint64_t count = 0;
    for (uint32_t i = 0; i < dependency->witness_count; i++)
        count += dependency->witnesses[i].count;
    for (uint32_t i = 0; i < dependency->held_count; i++)
        edge_of(builder, &dependency->held[i], &wanted)->count += count;
    if (dependency->held_count != 0)
        find_node(builder, dependency->lock)->nested += count;
}

/* A semaphore that others post is no lock. */
static void add_contention(struct builder *builder, const struct contention *contention)
{
    const struct lock *lock = &builder->report->world->locks[contention->lock.index];
    if (lock->is_signal)
        return;
    uint32_t number = find_node_number(builder, lock->same_as.index != 0 ? lock->same_as : contention->lock);
    struct lock_node *node = &builder->graph->nodes[number];
    node->waits += contention->waits;
    node->waited += contention->total;
    if (node->longest == NULL || contention->longest > node->longest->longest)
        node->longest = contention;
}

static void mark_node(struct builder *builder, struct lock_id lock, uint32_t number)
{
    if (lock.index == 0)
        return;
    struct lock_node *node = find_node(builder, lock);
    node->finding = node->finding == 0 ? number : node->finding;
}

/* A misuse or a hazard is of one lock and is no order; a deadlock may have closed before its order was recorded. */
static void mark_finding(struct builder *builder, const struct finding *finding, uint32_t number)
{
    for (uint32_t i = 0; i < finding->step_count; i++) {
        const struct finding_step *step = &finding->steps[i];
        bool is_order = event_words_of(finding->event) == NULL && step->holds.lock.index != 0 && step->wants.lock.index != 0;
        mark_node(builder, step->holds.lock, number);
        mark_node(builder, step->wants.lock, number);
        if (!is_order)
            continue;
        struct lock_edge *edge = edge_of(builder, &step->holds, &step->wants);
        edge->finding = edge->finding == 0 ? number : edge->finding;
    }
}

static void free_builder(struct builder *builder)
{
    struct node_entry *node, *next_node;
    struct edge_entry *edge, *next_edge;
    HASH_ITER(hh, builder->nodes, node, next_node)
    {
        HASH_DEL(builder->nodes, node);
        free(node->key);
        free(node);
    }
    HASH_ITER(hh, builder->edges, edge, next_edge)
    {
        HASH_DEL(builder->edges, edge);
        free(edge);
    }
}

void lock_graph_open(struct lock_graph *graph, const struct report *report)
{
    const struct world *world = report->world;
    *graph = (struct lock_graph){.node_of = allocate_zeroed(world->lock_count, sizeof *graph->node_of)};
    struct builder builder = {.report = report, .graph = graph};
    for (uint32_t i = 1; i < world->dependency_count; i++)
        add_dependency(&builder, &world->dependencies[i]);
    for (uint32_t i = 0; i < report->findings->count; i++)
        mark_finding(&builder, &report->findings->items[i], i + 1);
    for (uint32_t i = 1; i < world->contention_count; i++)
        add_contention(&builder, &world->contentions[i]);
    free_builder(&builder);
}

void lock_graph_close(struct lock_graph *graph)
{
    free(graph->nodes);
    free(graph->edges);
    free(graph->node_of);
    *graph = (struct lock_graph){.nodes = NULL};
}
