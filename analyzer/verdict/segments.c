/* Reachability in the graph of segments, after GRAIL: Yildirim, Chaoji, Zaki, "GRAIL: Scalable Reachability Index for Large
 * Graphs", VLDB 2010.
 *
 * 1. Depth-first searches, each visiting successors in another order, number the segments when they are left. A segment's label
 *    is the interval from the lowest number among all it reaches to its own. Where one label of b lies outside of a's, a does
 *    not reach b.
 * 2. Where b was found below a in the tree of the first search, a reaches b.
 * 3. What neither decides is searched, guided by 1 and 2.
 *
 * Vector clocks would need a number per segment and thread: 10,000 threads that are created and joined by one would take
 * gigabytes. Segments form nearly a tree, where the first two steps decide nearly everything: the searches that go forward and
 * backward through the successors separate siblings, as in any tree; the third, in an arbitrary order, is for the rest. */
#include "segments.h"

#include "allocate.h"

enum { SEARCHES = 3 };

struct label {
    uint32_t low, own;
};

struct segments {
    const struct world *world;
    uint32_t *first_successor; /* by segment: where its successors start; one more than segments */
    uint32_t *successors;
    struct label *labels[SEARCHES]; /* by segment */
    uint32_t *entered;              /* by segment: the lowest own number in its subtree of the first search's tree */
    uint32_t *seen;                 /* by segment: the last question that came by */
    uint32_t question;
    uint32_t *stack;
};

/* --- Successors --- */

/* Calls for both predecessors of each segment; a predecessor named twice counts twice, which does no harm. */
static void for_each_order(const struct world *world, void (*visit)(struct segments *, uint32_t, uint32_t), struct segments *to)
{
    for (uint32_t i = 1; i < world->segment_count; i++) {
        if (world->segments[i].previous.index != 0)
            visit(to, world->segments[i].previous.index, i);
        if (world->segments[i].other.index != 0)
            visit(to, world->segments[i].other.index, i);
    }
}

static void count_successor(struct segments *segments, uint32_t before, uint32_t after)
{
    (void)after;
    segments->first_successor[before + 1]++;
}

/* first_successor[before] is here where the next one goes; store_successors puts it back. */
static void store_successor(struct segments *segments, uint32_t before, uint32_t after)
{
    segments->successors[segments->first_successor[before]++] = after;
}

static void store_successors(struct segments *segments)
{
    uint32_t count = segments->world->segment_count;
    segments->first_successor = allocate_zeroed((size_t)count + 1, sizeof(uint32_t));
    for_each_order(segments->world, count_successor, segments);
    for (uint32_t i = 0; i < count; i++)
        segments->first_successor[i + 1] += segments->first_successor[i];
    segments->successors = allocate_zeroed(segments->first_successor[count], sizeof(uint32_t));
    for_each_order(segments->world, store_successor, segments);
    memmove(&segments->first_successor[1], segments->first_successor, count * sizeof(uint32_t));
    segments->first_successor[0] = 0;
}

/* --- Labels --- */

/* One depth-first search: what it has reached so far. */
struct labelling {
    struct segments *segments;
    struct label *labels; /* own == 0: not left yet */
    uint32_t *visited;    /* successors already visited, by segment; 0 also for what was never entered */
    bool *is_entered;
    uint32_t search;
    uint32_t next_own;
    uint32_t depth;
};

static uint32_t successor_count(const struct segments *segments, uint32_t segment)
{
    return segments->first_successor[segment + 1] - segments->first_successor[segment];
}

/* The successor that this search visits at a turn. */
static uint32_t successor_at(const struct labelling *labelling, uint32_t segment, uint32_t turn)
{
    const struct segments *segments = labelling->segments;
    uint32_t count = successor_count(segments, segment);
    if (labelling->search == 1)
        turn = count - 1 - turn;
    else if (labelling->search == 2)
        turn = (turn + segment * 2654435761U) % count;
    return segments->successors[segments->first_successor[segment] + turn];
}

static void enter(struct labelling *labelling, uint32_t segment)
{
    labelling->is_entered[segment] = true;
    labelling->labels[segment].low = UINT32_MAX;
    labelling->segments->stack[labelling->depth++] = segment;
    if (labelling->search == 0)
        labelling->segments->entered[segment] = labelling->next_own;
}

static void leave(struct labelling *labelling, uint32_t segment)
{
    struct label *label = &labelling->labels[segment];
    label->own = labelling->next_own++;
    for (uint32_t turn = 0; turn < successor_count(labelling->segments, segment); turn++) {
        uint32_t low = labelling->labels[successor_at(labelling, segment, turn)].low;
        label->low = low < label->low ? low : label->low;
    }
    label->low = label->own < label->low ? label->own : label->low;
    labelling->depth--;
}

/* Not recursive: threads create each other to any depth. */
static void visit_from(struct labelling *labelling, uint32_t root)
{
    enter(labelling, root);
    while (labelling->depth != 0) {
        uint32_t segment = labelling->segments->stack[labelling->depth - 1];
        if (labelling->visited[segment] == successor_count(labelling->segments, segment)) {
            leave(labelling, segment);
            continue;
        }
        uint32_t successor = successor_at(labelling, segment, labelling->visited[segment]++);
        if (!labelling->is_entered[successor])
            enter(labelling, successor);
    }
}

static bool is_root(const struct segment *segment)
{
    return segment->previous.index == 0 && segment->other.index == 0;
}

static void label_all(struct segments *segments, uint32_t search)
{
    uint32_t count = segments->world->segment_count;
    segments->labels[search] = allocate_zeroed(count, sizeof(struct label));
    struct labelling labelling = {.segments = segments,
                                  .labels = segments->labels[search],
                                  .visited = allocate_zeroed(count, sizeof(uint32_t)),
                                  .is_entered = allocate_zeroed(count, sizeof(bool)),
                                  .search = search,
                                  .next_own = 1};
    for (uint32_t i = 1; i < count; i++) {
        uint32_t root = search == 1 ? count - i : i;
        if (is_root(&segments->world->segments[root]))
            visit_from(&labelling, root);
    }
    free(labelling.visited);
    free(labelling.is_entered);
}

struct segments *segments_new(const struct world *world)
{
    struct segments *segments = allocate_zeroed(1, sizeof *segments);
    segments->world = world;
    store_successors(segments);
    segments->entered = allocate_zeroed(world->segment_count, sizeof(uint32_t));
    segments->seen = allocate_zeroed(world->segment_count, sizeof(uint32_t));
    segments->stack = allocate_zeroed(world->segment_count, sizeof(uint32_t));
    for (uint32_t search = 0; search < SEARCHES; search++)
        label_all(segments, search);
    return segments;
}

void segments_free(struct segments *segments)
{
    if (segments == NULL)
        return;
    for (uint32_t search = 0; search < SEARCHES; search++)
        free(segments->labels[search]);
    free(segments->first_successor);
    free(segments->successors);
    free(segments->entered);
    free(segments->seen);
    free(segments->stack);
    free(segments);
}

/* --- Questions --- */

static bool labels_allow(const struct segments *segments, uint32_t from, uint32_t to)
{
    if (from >= to) /* references point backward, so indexes are a topological order */
        return false;
    for (uint32_t search = 0; search < SEARCHES; search++) {
        struct label outer = segments->labels[search][from], inner = segments->labels[search][to];
        if (inner.low < outer.low || inner.own > outer.own)
            return false;
    }
    return true;
}

static bool is_below_in_tree(const struct segments *segments, uint32_t from, uint32_t to)
{
    uint32_t own = segments->labels[0][to].own;
    return segments->entered[from] <= own && own <= segments->labels[0][from].own;
}

static bool search(struct segments *segments, uint32_t from, uint32_t to)
{
    uint32_t depth = 0;
    segments->question++;
    segments->stack[depth++] = from;
    while (depth != 0) {
        uint32_t segment = segments->stack[--depth];
        for (uint32_t i = segments->first_successor[segment]; i < segments->first_successor[segment + 1]; i++) {
            uint32_t successor = segments->successors[i];
            if (successor == to)
                return true;
            if (segments->seen[successor] == segments->question || !labels_allow(segments, successor, to))
                continue;
            if (is_below_in_tree(segments, successor, to))
                return true;
            segments->seen[successor] = segments->question;
            segments->stack[depth++] = successor;
        }
    }
    return false;
}

/* Whether the first is of an earlier epoch of the same process. */
static bool is_of_earlier_epoch(const struct world *world, const struct segment *first, const struct segment *second)
{
    const struct thread *threads = world->threads;
    return first->epoch < second->epoch &&
           threads[first->thread.index].process.index == threads[second->thread.index].process.index;
}

bool segments_are_ordered(struct segments *segments, struct segment_id first, struct segment_id second)
{
    const struct segment *all = segments->world->segments;
    if (is_of_earlier_epoch(segments->world, &all[first.index], &all[second.index]))
        return true;
    if (!labels_allow(segments, first.index, second.index))
        return false;
    return is_below_in_tree(segments, first.index, second.index) || search(segments, first.index, second.index);
}

bool segments_are_concurrent(struct segments *segments, struct segment_id left, struct segment_id right)
{
    const struct segment *all = segments->world->segments;
    if (all[left.index].thread.index == all[right.index].thread.index)
        return false;
    return !segments_are_ordered(segments, left, right) && !segments_are_ordered(segments, right, left);
}
