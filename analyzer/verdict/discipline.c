#include "discipline.h"

#include "allocate.h"

/* Ways to turn the pairs around that are tried: all of them where there are few. */
enum { PAIRS_TO_TRY_ALL_WAYS = 10, RANDOM_WAYS = 200, FEWEST_RANDOM_WAYS = 20, WORK = 1 << 22 };

/* A key is believed where at most so many percent of the ways have no cycle: 4 locks of which all 6 pairs are seen have 37. A
 * false alarm about a program that keeps to its key costs more than to miss, in a run that hardly tells, one that has none. */
enum { CHANCE_IN_PERCENT = 40 };

/* That many pairs beyond the first of those that hang together: each halves the chance that all of them fit by accident. */
enum { PART_PAIRS = 6 };

/* Of pairs in a hierarchy, one in so many may be an exception: a list from which a lock was taken out. */
enum { EXCEPTIONS = 8 };

/* Of a million pairs that go one way, these tell most often that enough of them are different. */
enum { FEW_PAIRS = 64 };

/* Pairs as a graph; nodes are numbered from 0. */
struct pairs {
    struct instance_pair *items;
    uint32_t count, node_count;
    uint32_t *first_neighbour; /* by node, one more than nodes: where its pairs start, as held or as wanted */
    uint32_t *neighbours;      /* indexes of pairs */
    uint32_t *wanted_under;    /* by node, in one way to turn the pairs: how many pairs still want it */
    uint32_t *queue;
    bool *turned; /* by pair */
};

/* --- Different pairs --- */

static int compare_pairs(const void *left, const void *right)
{
    const struct instance_pair *a = left, *b = right;
    if (a->held != b->held)
        return a->held < b->held ? -1 : 1;
    return (a->wanted > b->wanted) - (a->wanted < b->wanted);
}

/* Sorts them and puts different ones to the front; what is behind these repeats them. */
static uint32_t keep_different(struct instance_pair *pairs, uint32_t count)
{
    uint32_t kept = 0;
    qsort(pairs, count, sizeof *pairs, compare_pairs);
    for (uint32_t i = 0; i < count; i++) {
        if (kept == 0 || compare_pairs(&pairs[kept - 1], &pairs[i]) != 0)
            pairs[kept++] = pairs[i];
    }
    return kept;
}

/* --- Address --- */

static bool goes_up(const struct world *world, struct instance_pair pair)
{
    return world->locks[pair.held].address < world->locks[pair.wanted].address;
}

static bool go_one_way(const struct world *world, const struct instance_pair *pairs, uint32_t count)
{
    uint32_t i = 1;
    while (i < count && goes_up(world, pairs[i]) == goes_up(world, pairs[0]))
        i++;
    return i >= count;
}

/* --- The graph --- */

static int compare_numbers(const void *left, const void *right)
{
    uint32_t a = *(const uint32_t *)left, b = *(const uint32_t *)right;
    return (a > b) - (a < b);
}

static uint32_t node_of(const uint32_t *locks, uint32_t count, uint32_t lock)
{
    return (uint32_t)((const uint32_t *)bsearch(&lock, locks, count, sizeof *locks, compare_numbers) - locks);
}

/* Replaces locks by nodes. */
static void number_nodes(struct pairs *pairs, const struct instance_pair *from)
{
    uint32_t *locks = allocate_zeroed(2 * (size_t)pairs->count, sizeof *locks), kept = 0;
    for (uint32_t i = 0; i < pairs->count; i++) {
        locks[2 * i] = from[i].held;
        locks[2 * i + 1] = from[i].wanted;
    }
    qsort(locks, 2 * (size_t)pairs->count, sizeof *locks, compare_numbers);
    for (uint32_t i = 0; i < 2 * pairs->count; i++) {
        if (kept == 0 || locks[kept - 1] != locks[i])
            locks[kept++] = locks[i];
    }
    pairs->node_count = kept;
    pairs->items = allocate_zeroed(pairs->count, sizeof *pairs->items);
    for (uint32_t i = 0; i < pairs->count; i++)
        pairs->items[i] = (struct instance_pair){node_of(locks, kept, from[i].held), node_of(locks, kept, from[i].wanted)};
    free(locks);
}

static void list_neighbours(struct pairs *pairs)
{
    uint32_t *first = allocate_zeroed((size_t)pairs->node_count + 1, sizeof *first);
    for (uint32_t i = 0; i < pairs->count; i++) {
        first[pairs->items[i].held + 1]++;
        first[pairs->items[i].wanted + 1]++;
    }
    for (uint32_t i = 0; i < pairs->node_count; i++)
        first[i + 1] += first[i];
    pairs->first_neighbour = first;
    pairs->neighbours = allocate_zeroed(2 * (size_t)pairs->count, sizeof *pairs->neighbours);
    uint32_t *next = allocate_zeroed(pairs->node_count, sizeof *next);
    memcpy(next, first, pairs->node_count * sizeof *next);
    for (uint32_t i = 0; i < pairs->count; i++) {
        pairs->neighbours[next[pairs->items[i].held]++] = i;
        pairs->neighbours[next[pairs->items[i].wanted]++] = i;
    }
    free(next);
}

static struct pairs pairs_new(const struct instance_pair *from, uint32_t count)
{
    struct pairs pairs = {.count = count};
    number_nodes(&pairs, from);
    list_neighbours(&pairs);
    pairs.wanted_under = allocate_zeroed(pairs.node_count, sizeof(uint32_t));
    pairs.queue = allocate_zeroed(pairs.node_count, sizeof(uint32_t));
    pairs.turned = allocate_zeroed(count, sizeof(bool));
    return pairs;
}

static void pairs_free(struct pairs *pairs)
{
    free(pairs->items);
    free(pairs->first_neighbour);
    free(pairs->neighbours);
    free(pairs->wanted_under);
    free(pairs->queue);
    free(pairs->turned);
}

static uint32_t held_of(const struct pairs *pairs, uint32_t pair)
{
    return pairs->turned[pair] ? pairs->items[pair].wanted : pairs->items[pair].held;
}

static uint32_t wanted_of(const struct pairs *pairs, uint32_t pair)
{
    return pairs->turned[pair] ? pairs->items[pair].held : pairs->items[pair].wanted;
}

/* Takes off locks that no pair wants any more until none is left: Kahn, "Topological sorting of large networks", CACM 1962. */
static bool has_no_cycle(struct pairs *pairs)
{
    uint32_t queued = 0;
    memset(pairs->wanted_under, 0, pairs->node_count * sizeof *pairs->wanted_under);
    for (uint32_t i = 0; i < pairs->count; i++)
        pairs->wanted_under[wanted_of(pairs, i)]++;
    for (uint32_t node = 0; node < pairs->node_count; node++) {
        if (pairs->wanted_under[node] == 0)
            pairs->queue[queued++] = node;
    }
    for (uint32_t next = 0; next < queued; next++) {
        uint32_t node = pairs->queue[next];
        for (uint32_t i = pairs->first_neighbour[node]; i < pairs->first_neighbour[node + 1]; i++) {
            uint32_t pair = pairs->neighbours[i];
            if (held_of(pairs, pair) == node && --pairs->wanted_under[wanted_of(pairs, pair)] == 0)
                pairs->queue[queued++] = wanted_of(pairs, pair);
        }
    }
    return queued == pairs->node_count;
}

/* --- Hierarchy --- */

static uint32_t degree(const struct pairs *pairs, uint32_t node)
{
    return pairs->first_neighbour[node + 1] - pairs->first_neighbour[node];
}

/* Pairs beyond the first that want a lock (or hold it, where `upward`). */
static uint32_t count_exceptions(const struct pairs *pairs, bool upward)
{
    uint32_t *count = allocate_zeroed(pairs->node_count, sizeof *count), exceptions = 0;
    for (uint32_t i = 0; i < pairs->count; i++)
        exceptions += count[upward ? pairs->items[i].held : pairs->items[i].wanted]++ != 0;
    free(count);
    return exceptions;
}

static bool is_hierarchy(const struct pairs *pairs)
{
    uint32_t shared = 0;
    for (uint32_t i = 0; i < pairs->count; i++)
        shared += degree(pairs, pairs->items[i].held) > 1 || degree(pairs, pairs->items[i].wanted) > 1;
    if (shared < 2 || shared < pairs->count - shared)
        return false;
    uint32_t allowed = pairs->count / EXCEPTIONS;
    return count_exceptions(pairs, false) <= allowed || count_exceptions(pairs, true) <= allowed;
}

/* --- Part --- */

static uint32_t count_components(struct pairs *pairs)
{
    uint32_t components = 0;
    uint32_t *seen = pairs->wanted_under;
    memset(seen, 0, pairs->node_count * sizeof *seen);
    for (uint32_t start = 0; start < pairs->node_count; start++) {
        uint32_t queued = 0;
        if (seen[start] != 0)
            continue;
        seen[start] = ++components;
        pairs->queue[queued++] = start;
        for (uint32_t next = 0; next < queued; next++) {
            uint32_t node = pairs->queue[next];
            for (uint32_t i = pairs->first_neighbour[node]; i < pairs->first_neighbour[node + 1]; i++) {
                struct instance_pair pair = pairs->items[pairs->neighbours[i]];
                uint32_t other = pair.held == node ? pair.wanted : pair.held;
                if (seen[other] == 0)
                    pairs->queue[queued++] = other;
                seen[other] = components;
            }
        }
    }
    return components;
}

static bool has_parts(struct pairs *pairs)
{
    bool *is_held = allocate_zeroed(pairs->node_count, sizeof *is_held);
    bool some_is_both = false;
    for (uint32_t i = 0; i < pairs->count; i++)
        is_held[pairs->items[i].held] = true;
    for (uint32_t i = 0; i < pairs->count; i++)
        some_is_both |= is_held[pairs->items[i].wanted];
    free(is_held);
    return !some_is_both && pairs->count - count_components(pairs) >= PART_PAIRS;
}

/* --- Key --- */

static bool is_rare(uint32_t without_cycle, uint32_t ways)
{
    return without_cycle * 100 <= ways * CHANCE_IN_PERCENT;
}

static bool is_rare_among_all_ways(struct pairs *pairs)
{
    uint32_t ways = 1U << pairs->count, without_cycle = 0;
    for (uint32_t way = 0; way < ways; way++) {
        for (uint32_t i = 0; i < pairs->count; i++)
            pairs->turned[i] = way >> i & 1;
        without_cycle += has_no_cycle(pairs);
    }
    return is_rare(without_cycle, ways);
}

static void turn_at_random(struct pairs *pairs, uint64_t *seed)
{
    for (uint32_t i = 0; i < pairs->count; i++) {
        *seed = *seed * 6364136223846793005ULL + 1442695040888963407ULL; /* Knuth's MMIX */
        pairs->turned[i] = *seed >> 63;
    }
}

/* The seed is fixed: the same trace has the same report. */
static bool is_rare_among_random_ways(struct pairs *pairs)
{
    uint32_t ways = WORK / pairs->count, without_cycle = 0;
    uint64_t seed = 1;
    ways = ways > RANDOM_WAYS ? RANDOM_WAYS : ways < FEWEST_RANDOM_WAYS ? FEWEST_RANDOM_WAYS : ways;
    for (uint32_t way = 0; way < ways && is_rare(without_cycle, ways); way++) {
        turn_at_random(pairs, &seed);
        without_cycle += has_no_cycle(pairs);
    }
    return is_rare(without_cycle, ways);
}

static bool is_by_key(struct pairs *pairs)
{
    return pairs->count <= PAIRS_TO_TRY_ALL_WAYS ? is_rare_among_all_ways(pairs) : is_rare_among_random_ways(pairs);
}

bool discipline_is_followed(const struct world *world, struct instance_pair *pairs, uint32_t count, struct discipline_needs needs)
{
    bool one_way = go_one_way(world, pairs, count);
    if (one_way && keep_different(pairs, count < FEW_PAIRS ? count : FEW_PAIRS) >= needs.address_pairs)
        return true;
    count = keep_different(pairs, count);
    if (one_way && count >= needs.address_pairs)
        return true;
    struct pairs graph = pairs_new(pairs, count);
    bool followed = has_no_cycle(&graph) &&
                    ((count >= needs.hierarchy_pairs && is_hierarchy(&graph)) || has_parts(&graph) || is_by_key(&graph));
    pairs_free(&graph);
    return followed;
}
