#include "candidates.h"

#include "allocate.h"

/* Of two classes, which may be of a million locks; a pair of locks has as many as it has. */
enum { MOST_CANDIDATES_OF_CLASSES = 20000 };

static const struct dependency *dependency_of(const struct candidate_source *source, struct dependency_id id)
{
    return &source->world->dependencies[id.index];
}

static uint64_t count_of(const struct dependency *dependency)
{
    uint64_t count = 0;
    for (uint32_t i = 0; i < dependency->witness_count; i++)
        count += dependency->witnesses[i].count;
    return count;
}

/* How many candidates the pair's uses can make at most. */
static uint32_t count_witnesses(const struct candidate_source *source, const struct lock_pair *pair)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < pair->use_count; i++)
        count += dependency_of(source, source->graph->uses[pair->first_use + i].dependency)->witness_count;
    return count;
}

/* In which the lock is held; the stronger one if it is held twice. */
static enum trace_mode held_mode(const struct candidate_source *source, struct pair_use use)
{
    uint32_t lock = dependency_of(source, use.dependency)->held[use.held_index].lock.index;
    const struct held_set *set = held_sets_get(source->held_sets, held_sets_of(source->held_sets, use.dependency));
    return (enum trace_mode)set->members[held_set_skip_below(set, 0, lock)].mode;
}

uint32_t candidates_of_use(const struct candidate_source *source, struct pair_use use, struct candidate *candidates)
{
    const struct dependency *dependency = dependency_of(source, use.dependency);
    struct candidate candidate = {.dependency = use.dependency,
                                  .held_index = use.held_index,
                                  .held_set = held_sets_of(source->held_sets, use.dependency),
                                  .held = graph_node(source->graph, dependency->held[use.held_index].lock),
                                  .wanted = graph_node(source->graph, dependency->lock),
                                  .held_lock = dependency->held[use.held_index].lock,
                                  .wanted_lock = dependency->lock,
                                  .held_mode = held_mode(source, use),
                                  .wanted_mode = dependency->mode,
                                  .timed = (dependency->flags & TRACE_DEPENDENCY_TIMED) != 0,
                                  .count = count_of(dependency),
                                  .signature = fingerprint_step(source->fingerprinter, dependency, use.held_index)};
    uint32_t count = 0;
    for (uint32_t i = 0; i < dependency->witness_count; i++) {
        candidate.segment = dependency->witnesses[i].segment;
        candidate.thread = source->world->segments[candidate.segment.index].thread;
        if (candidate.thread.index != 0)
            candidates[count++] = candidate;
    }
    return count;
}

static int compare_numbers(uint64_t left, uint64_t right)
{
    return (left > right) - (left < right);
}

/* 0 when the rules see no difference. */
static int compare_to_the_rules(const struct candidate *left, const struct candidate *right)
{
    int result = compare_numbers(left->held_set, right->held_set);
    if (result == 0)
        result = compare_numbers(left->held_lock.index, right->held_lock.index);
    if (result == 0)
        result = compare_numbers(left->wanted_lock.index, right->wanted_lock.index);
    if (result == 0)
        result = compare_numbers(left->wanted_mode, right->wanted_mode);
    return result != 0 ? result : compare_numbers(left->segment.index, right->segment.index);
}

static int compare_preference(const void *left, const void *right)
{
    const struct candidate *a = left, *b = right;
    int result = (int)a->timed - (int)b->timed;
    if (result == 0)
        result = compare_numbers(b->count, a->count);
    if (result == 0)
        result = compare_numbers(a->dependency.index, b->dependency.index);
    return result != 0 ? result : compare_numbers(a->segment.index, b->segment.index);
}

static int compare_regardless_of_variant(const void *left, const void *right)
{
    int result = compare_to_the_rules(left, right);
    return result != 0 ? result : compare_preference(left, right);
}

static int compare_variant(const void *left, const void *right)
{
    return compare_numbers(((const struct candidate *)left)->signature, ((const struct candidate *)right)->signature);
}

static int compare_within_variant(const void *left, const void *right)
{
    int result = compare_variant(left, right);
    return result != 0 ? result : compare_regardless_of_variant(left, right);
}

static int compare_variant_and_preference(const void *left, const void *right)
{
    int result = compare_variant(left, right);
    return result != 0 ? result : compare_preference(left, right);
}

/* Keeps, of candidates that are neighbours and equal to the rules (and of one variant, if asked), the first. */
static uint32_t merge_equal(struct candidate *candidates, uint32_t count, bool of_one_variant)
{
    uint32_t kept = 0;
    for (uint32_t i = 0; i < count; i++) {
        if (kept != 0 && compare_to_the_rules(&candidates[kept - 1], &candidates[i]) == 0 &&
            (!of_one_variant || compare_variant(&candidates[kept - 1], &candidates[i]) == 0))
            continue;
        candidates[kept++] = candidates[i];
    }
    return kept;
}

static struct choice choice_of(const struct candidate *candidates, uint32_t count)
{
    uint32_t untimed = 0;
    while (untimed < count && !candidates[untimed].timed)
        untimed++;
    return (struct choice){.first = candidates, .end = candidates + count, .first_timed = candidates + untimed};
}

static void make_variants(struct pair_candidates *made, uint32_t count)
{
    for (uint32_t first = 0, end; first < count; first = end) {
        for (end = first + 1; end < count && compare_variant(&made->by_variant[first], &made->by_variant[end]) == 0;)
            end++;
        made->variants = allocate_grown(made->variants, made->variant_count, sizeof *made->variants);
        made->variants[made->variant_count++] = choice_of(&made->by_variant[first], end - first);
    }
}

/* Merges what the rules cannot tell apart over all variants. */
static void make_regardless(struct pair_candidates *made, uint32_t count)
{
    made->regardless = allocate_zeroed(count, sizeof *made->regardless);
    memcpy(made->regardless, made->by_variant, count * sizeof *made->regardless);
    qsort(made->regardless, count, sizeof *made->regardless, compare_regardless_of_variant);
    count = merge_equal(made->regardless, count, false);
    qsort(made->regardless, count, sizeof *made->regardless, compare_preference);
    made->any = choice_of(made->regardless, count);
}

/* 1: every use of the pair is looked at; n: every n-th. */
static uint32_t stride(const struct candidate_source *source, uint32_t witnesses)
{
    bool all = source->graph->class_of == NULL || witnesses <= MOST_CANDIDATES_OF_CLASSES;
    return all ? 1 : witnesses / MOST_CANDIDATES_OF_CLASSES + 1;
}

struct pair_candidates *candidates_new(const struct candidate_source *source, const struct lock_pair *pair)
{
    struct pair_candidates *made = allocate_zeroed(1, sizeof *made);
    uint32_t count = 0, most = count_witnesses(source, pair), step = stride(source, most);
    made->looked_at = most / step;
    made->left_out = step > 1;
    made->by_variant = allocate_zeroed(most, sizeof *made->by_variant);
    for (uint32_t i = 0; i < pair->use_count; i += step)
        count += candidates_of_use(source, source->graph->uses[pair->first_use + i], &made->by_variant[count]);
    qsort(made->by_variant, count, sizeof *made->by_variant, compare_within_variant);
    count = merge_equal(made->by_variant, count, true);
    qsort(made->by_variant, count, sizeof *made->by_variant, compare_variant_and_preference);
    make_variants(made, count);
    if (made->variant_count > 1)
        make_regardless(made, count);
    else
        made->any = choice_of(made->by_variant, count);
    return made;
}

void candidates_free(struct pair_candidates *candidates)
{
    if (candidates == NULL)
        return;
    free(candidates->by_variant);
    free(candidates->variants);
    free(candidates->regardless);
    free(candidates);
}
