/* Iterative deepening with a lower bound: Korf, "Depth-first iterative-deepening: an optimal admissible tree search", Artificial
 * Intelligence 1985 (IDA*). Each round finds the cycles of one length; the bound is a lock's distance back to the start.
 *
 * 1. A cycle is found from its lock of lowest index, so chains go through higher ones only and each cycle comes once.
 * 2. A chain is dropped when it cannot be back at its start within the round's length; the least length that any dropped chain
 *    would have needed is that of the next round.
 * 3. Distances are searched backward from the start, as far as the round needs, and farther while few locks are met: far enough
 *    to skip empty rounds in a long ring, without visiting a large component once for each of its locks.
 *
 * Johnson's algorithm (SIAM J. Computing 1975) takes less time for all cycles, but gives them in no order of length, and there
 * are too many of them for "all" to be wanted. */
#include "cycles.h"

#include "allocate.h"

/* A distance, and a length, that no component reaches. */
enum { NEVER = INT32_MAX / 2 };

/* How many locks a search of distances may meet beyond what it needs. */
enum { FEW_LOCKS = 64 };

/* Both are asked for together, of locks far apart in memory. */
struct distance {
    uint32_t pairs;    /* to the start */
    uint32_t found_by; /* the search of distances that set it */
};

struct search {
    const struct graph *graph;
    const struct component *component;
    const struct cycle_visitor *visitor;
    uint64_t *work;
    uint32_t length;            /* of the cycles that this round finds */
    uint32_t next_length;       /* the least that was too long for this round */
    uint32_t start;             /* lock */
    uint32_t *chain;            /* pairs */
    uint32_t *next_pair;        /* by place in the chain: the pair to try there next */
    bool *is_on_chain;          /* by lock */
    struct distance *distances; /* by lock */
    uint32_t search_number;
    uint32_t horizon;   /* distances that were not found are larger */
    uint32_t reachable; /* locks that there are from the start up */
    uint32_t *queue;
};

static bool spend(struct search *search)
{
    if (*search->work == 0)
        return false;
    --*search->work;
    return true;
}

/* --- Distances to the start --- */

static void reach(struct search *search, uint32_t lock, uint32_t distance, uint32_t *queued)
{
    search->distances[lock] = (struct distance){distance, search->search_number};
    search->queue[(*queued)++] = lock;
}

/* Queues the locks from which `lock` is reached by one pair. Pairs cost less here than chains do, so four of them count as one.
 */
static bool reach_before(struct search *search, uint32_t lock, uint32_t *queued)
{
    const struct graph *graph = search->graph;
    for (uint32_t i = graph->first_reverse[lock + 1]; i-- > graph->first_reverse[lock];) {
        uint32_t held = graph->reverse_held[i];
        if (i % 4 == 0 && !spend(search))
            return false;
        if (held <= search->start)
            break;
        if (search->distances[held].found_by != search->search_number)
            reach(search, held, search->distances[lock].pairs + 1, queued);
    }
    return true;
}

/* Breadth-first, backward, through locks above the start. Locks that are never met cannot reach it. */
static bool find_distances(struct search *search)
{
    uint32_t queued = 0, enough = FEW_LOCKS + 2 * search->length;
    search->search_number++;
    search->horizon = NEVER;
    reach(search, search->start, 0, &queued);
    for (uint32_t i = 0; i < queued && queued < search->reachable; i++) {
        uint32_t lock = search->queue[i];
        if (search->distances[lock].pairs + 1 >= search->length && queued >= enough) {
            search->horizon = search->distances[lock].pairs;
            break;
        }
        if (!reach_before(search, lock, &queued))
            return false;
    }
    return true;
}

static uint32_t distance_at_least(const struct search *search, uint32_t lock)
{
    struct distance distance = search->distances[lock];
    return distance.found_by == search->search_number ? distance.pairs : search->horizon + 1;
}

/* --- Chains --- */

static uint32_t end_of_chain(const struct search *search, uint32_t count)
{
    return search->graph->pairs[search->chain[count - 1]].wanted.index;
}

static void note_longer(struct search *search, uint32_t length)
{
    if (length < search->next_length)
        search->next_length = length;
}

/* Completes a chain that lacks its last pair. Had it gone on instead, the cycle would have been longer by one at least. */
static void close_chain(struct search *search, uint32_t count)
{
    if (count + 1 < search->reachable)
        note_longer(search, search->length + 1);
    uint32_t pair =
        graph_find_pair(search->graph, (struct lock_id){end_of_chain(search, count)}, (struct lock_id){search->start});
    if (pair == UINT32_MAX)
        return;
    search->chain[count++] = pair;
    if (search->visitor->allows(search->visitor->closure, search->chain, count))
        search->visitor->found(search->visitor->closure, search->chain, count);
}

/* Whether a chain of `count` pairs may go on to `lock` and be back in time. */
static bool is_within_length(struct search *search, uint32_t count, uint32_t lock)
{
    uint32_t length = count + distance_at_least(search, lock);
    if (length <= search->length)
        return true;
    note_longer(search, length);
    return false;
}

/* Takes the next pair, if there is one, that can stand at place `count` of the chain. */
static bool extend_chain(struct search *search, uint32_t count)
{
    uint32_t lock = count == 0 ? search->start : end_of_chain(search, count);
    while (search->next_pair[count] < search->graph->first_pair[lock + 1]) {
        uint32_t pair = search->next_pair[count]++;
        uint32_t wanted = search->graph->pairs[pair].wanted.index;
        if (!spend(search))
            return false;
        if (wanted <= search->start || search->is_on_chain[wanted] || !is_within_length(search, count + 1, wanted))
            continue;
        search->chain[count] = pair;
        if (!search->visitor->allows(search->visitor->closure, search->chain, count + 1))
            continue;
        search->is_on_chain[wanted] = true;
        return true;
    }
    return false;
}

/* All cycles of the round's length that begin at the start. A chain is extended up to one pair less: the last is looked up. */
static void find_from_start(struct search *search)
{
    uint32_t count = 0;
    search->next_pair[0] = search->graph->first_pair[search->start];
    for (;;) {
        if (count + 1 < search->length && extend_chain(search, count)) {
            count++;
            search->next_pair[count] = search->graph->first_pair[end_of_chain(search, count)];
            continue;
        }
        if (count == 0)
            return;
        if (count + 1 == search->length)
            close_chain(search, count);
        search->is_on_chain[end_of_chain(search, count)] = false;
        count--;
    }
}

/* One round over all starts; false when the work is used up. */
static bool find_of_length(struct search *search)
{
    search->next_length = NEVER;
    for (uint32_t i = 0; i < search->component->lock_count; i++) {
        search->start = search->graph->component_locks[search->component->first_lock + i];
        search->reachable = search->component->lock_count - i;
        if (!find_distances(search))
            return false;
        find_from_start(search);
        if (*search->work == 0)
            return false;
    }
    return true;
}

static struct search search_new(const struct graph *graph, const struct component *component, uint32_t longest)
{
    size_t lock_count = (size_t)graph->component_locks[component->first_lock + component->lock_count - 1] + 1;
    return (struct search){.graph = graph,
                           .component = component,
                           .chain = allocate_zeroed((size_t)longest + 1, sizeof(uint32_t)),
                           .next_pair = allocate_zeroed((size_t)longest + 1, sizeof(uint32_t)),
                           .is_on_chain = allocate_zeroed(lock_count, sizeof(bool)),
                           .distances = allocate_zeroed(lock_count, sizeof(struct distance)),
                           .queue = allocate_zeroed(component->lock_count, sizeof(uint32_t))};
}

static void search_free(struct search *search)
{
    free(search->chain);
    free(search->next_pair);
    free(search->is_on_chain);
    free(search->distances);
    free(search->queue);
}

bool cycles_find(const struct graph *graph, const struct component *component, uint32_t longest,
                 const struct cycle_visitor *visitor, uint64_t *work)
{
    struct search search = search_new(graph, component, longest);
    search.visitor = visitor;
    search.work = work;
    search.length = 2;
    bool complete = true;
    while (complete && search.length <= longest) {
        complete = find_of_length(&search);
        search.length = search.next_length;
    }
    search_free(&search);
    return complete;
}
