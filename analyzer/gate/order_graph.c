/* Each question is a search; what is found to lead nowhere is not visited again for the same question. */
#include "order_graph.h"

#include "allocate.h"
#include <stdint.h>
#include <uthash.h>

struct node {
    char *name;
    struct node **after;
    uint32_t after_count;
    uint64_t visited_for; /* the last question that came by */
    bool with_itself;
    UT_hash_handle hh;
};

struct order_graph {
    struct node *nodes; /* by name */
    struct node **stack;
    uint32_t node_count;
    uint64_t question;
};

struct order_graph *order_graph_new(void)
{
    return allocate_zeroed(1, sizeof(struct order_graph));
}

void order_graph_free(struct order_graph *graph)
{
    struct node *node, *next;
    HASH_ITER(hh, graph->nodes, node, next)
    {
        HASH_DEL(graph->nodes, node);
        free(node->name);
        free(node->after);
        free(node);
    }
    free(graph->stack);
    free(graph);
}

static struct node *find(const struct order_graph *graph, const char *name)
{
    struct node *node;
    HASH_FIND_STR(graph->nodes, name, node);
    return node;
}

static struct node *find_or_add(struct order_graph *graph, const char *name)
{
    struct node *node = find(graph, name);
    if (node != NULL)
        return node;
    node = allocate_zeroed(1, sizeof *node);
    node->name = allocate_copy(name);
    HASH_ADD_KEYPTR(hh, graph->nodes, node->name, strlen(node->name), node);
    graph->stack = allocate_grown(graph->stack, graph->node_count++, sizeof(struct node *));
    return node;
}

static bool leads_to(struct order_graph *graph, struct node *from, const struct node *to)
{
    uint32_t depth = 0;
    graph->question++;
    graph->stack[depth++] = from;
    from->visited_for = graph->question;
    while (depth != 0) {
        const struct node *node = graph->stack[--depth];
        for (uint32_t i = 0; i < node->after_count; i++) {
            struct node *after = node->after[i];
            if (after == to)
                return true;
            if (after->visited_for == graph->question)
                continue;
            after->visited_for = graph->question;
            graph->stack[depth++] = after;
        }
    }
    return false;
}

bool order_graph_add(struct order_graph *graph, const char *before, const char *after)
{
    struct node *first = find_or_add(graph, before), *second = find_or_add(graph, after);
    if (first == second) {
        first->with_itself = true;
        return true;
    }
    if (leads_to(graph, second, first))
        return false;
    first->after = allocate_grown(first->after, first->after_count, sizeof(struct node *));
    first->after[first->after_count++] = second;
    return true;
}

bool order_graph_says(struct order_graph *graph, const char *before, const char *after)
{
    struct node *first = find(graph, before), *second = find(graph, after);
    if (first == NULL || second == NULL)
        return false;
    return first == second ? first->with_itself : leads_to(graph, first, second);
}
