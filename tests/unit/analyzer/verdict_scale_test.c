/* Worlds as large as programs make them, and larger: the verdict ends soon (ctest's time-out says how soon), finds what is there
 * as far as it looks, and says that it did not look everywhere. */
#include "unit_test.h"

#include "allocate.h"
#include "verdict/verdict.h"

static struct thread_id add_thread(struct world *world, struct segment segment)
{
    struct thread_id thread = world_add_thread(world);
    struct segment_id id = world_add_segment(world);
    segment.thread = thread;
    world->segments[id.index] = segment;
    return thread;
}

static void add_threads(struct world *world, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++)
        add_thread(world, (struct segment){.start = TRACE_SEGMENT_THREAD});
}

static void add_locks(struct world *world, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        struct lock_id lock = world_add_lock(world);
        world->locks[lock.index].kind = TRACE_LOCK_MUTEX;
    }
}

/* The thread whose segment this is holds these locks and wants one more. */
static void add_dependency(struct world *world, const uint32_t *held, uint32_t held_count, uint32_t wanted, uint32_t segment)
{
    struct dependency_id id = world_add_dependency(world);
    struct dependency *dependency = &world->dependencies[id.index];
    dependency->lock.index = wanted;
    dependency->mode = TRACE_MODE_EXCLUSIVE;
    dependency->held = allocate_zeroed(held_count, sizeof *dependency->held);
    dependency->held_count = held_count;
    for (uint32_t i = 0; i < held_count; i++)
        dependency->held[i] = (struct held_lock){.lock = {held[i]}, .mode = TRACE_MODE_EXCLUSIVE};
    dependency->witnesses = allocate_zeroed(1, sizeof *dependency->witnesses);
    dependency->witnesses[0] = (struct witness){.segment = {segment}, .count = 1};
    dependency->witness_count = 1;
}

static struct findings *judge(const struct world *world)
{
    return verdict_find(world, &(struct verdict_options){0});
}

static uint32_t below(uint64_t *seed, uint32_t limit)
{
    *seed = *seed * 6364136223846793005ULL + 1442695040888963407ULL; /* Knuth's MMIX */
    return (uint32_t)(*seed >> 33) % limit;
}

/* Dependencies between random pairs of locks, by random segments. */
static void add_random(struct world *world, uint32_t count, uint32_t locks, const uint32_t *segments, uint32_t segment_count)
{
    uint64_t seed = 1;
    while (count-- != 0) {
        uint32_t held = 1 + below(&seed, locks), wanted = 1 + below(&seed, locks);
        if (held != wanted)
            add_dependency(world, &held, 1, wanted, segments[below(&seed, segment_count)]);
    }
}

/* One thread takes all of 2,000 locks in one order, another one in the other: two million pairs of locks, in both orders. All
 * cycles but those of neighbours are guarded. */
static void two_thousand_locks_in_both_orders(void **state)
{
    (void)state;
    enum { LOCKS = 2000 };
    struct world *world = world_new();
    uint32_t up[LOCKS], down[LOCKS];
    add_threads(world, 2);
    add_locks(world, LOCKS);
    for (uint32_t i = 0; i < LOCKS; i++) {
        up[i] = i + 1;
        down[i] = LOCKS - i;
    }
    for (uint32_t i = 1; i < LOCKS; i++) {
        add_dependency(world, up, i, up[i], 1);
        add_dependency(world, down, i, down[i], 2);
    }
    struct findings *findings = judge(world);
    assert_int_equal(findings->count, 1);
    assert_true(findings->items[0].occurrences == LOCKS - 1 || findings->cut != 0);
    findings_free(findings);
    world_free(world);
}

static void a_hundred_thousand_dependencies(void **state)
{
    (void)state;
    uint32_t segments[100];
    struct world *world = world_new();
    add_threads(world, 100);
    add_locks(world, 30000);
    for (uint32_t i = 0; i < 100; i++)
        segments[i] = i + 1;
    add_random(world, 100000, 30000, segments, 100);
    struct findings *findings = judge(world);
    assert_int_not_equal(findings->count, 0);
    assert_int_not_equal(findings->cut, 0);
    findings_free(findings);
    world_free(world);
}

enum { WAVE = 8, WAVE_THREADS = 10000 };

/* One thread creates 10,000 others, at most 8 at a time: it joins one before it creates the ninth. */
static void add_waves(struct world *world, uint32_t *segments)
{
    struct thread_id creator = add_thread(world, (struct segment){.start = TRACE_SEGMENT_THREAD});
    struct segment_id now = {1};
    for (uint32_t i = 0; i < WAVE_THREADS; i++) {
        add_thread(world, (struct segment){.other = now, .start = TRACE_SEGMENT_THREAD});
        segments[i] = world->segment_count - 1;
        struct segment_id after = world_add_segment(world);
        world->segments[after.index] = (struct segment){.thread = creator, .previous = now, .start = TRACE_SEGMENT_CREATE};
        now = after;
        if (i < WAVE)
            continue;
        after = world_add_segment(world);
        world->segments[after.index] =
            (struct segment){.thread = creator, .previous = now, .other = {segments[i - WAVE]}, .start = TRACE_SEGMENT_JOIN};
        now = after;
    }
}

static void ten_thousand_threads_of_which_few_overlap(void **state)
{
    (void)state;
    uint32_t *segments = allocate_zeroed(WAVE_THREADS, sizeof *segments);
    struct world *world = world_new();
    add_waves(world, segments);
    add_locks(world, 200);
    add_random(world, 100000, 200, segments, WAVE_THREADS);
    struct findings *findings = judge(world);
    assert_int_equal(findings->count, 1);
    for (uint32_t i = 0; i + 1 < findings->items[0].step_count; i++) {
        uint32_t this_thread = findings->items[0].steps[i].thread.index,
                 next_thread = findings->items[0].steps[i + 1].thread.index;
        assert_in_range(this_thread > next_thread ? this_thread - next_thread : next_thread - this_thread, 1, WAVE + 1);
    }
    findings_free(findings);
    world_free(world);
    free(segments);
}

static struct context_id add_context(struct world *world)
{
    struct context_id id = world_add_context(world);
    world->contexts[id.index].frames = allocate_zeroed(1, sizeof(struct frame));
    world->contexts[id.index].frame_count = 1;
    return id;
}

/* 100 threads, a component of 300 locks that takes more work than there is, and one of as many as said, with more pairs, whose
 * dependencies have a context of their own. Returns how many findings have that context. */
static uint32_t count_beside_a_large_component(uint32_t dependencies, uint32_t locks, uint64_t max_cycles)
{
    uint32_t segments[100], count = 0;
    struct world *world = world_new();
    struct context_id elsewhere = add_context(world);
    add_threads(world, 100);
    add_locks(world, 300 + locks);
    for (uint32_t i = 0; i < 100; i++)
        segments[i] = i + 1;
    add_random(world, 50000, 300, segments, 100);
    uint32_t first = world->dependency_count;
    add_random(world, dependencies, locks, segments, 100);
    for (uint32_t i = first; i < world->dependency_count; i++) {
        world->dependencies[i].lock.index += 300;
        world->dependencies[i].held[0].lock.index += 300;
        world->dependencies[i].context = elsewhere;
    }
    struct findings *findings = verdict_find(world, &(struct verdict_options){.max_cycles = max_cycles});
    for (uint32_t i = 0; i < findings->count; i++)
        count += findings->items[i].steps[0].dependency.index >= first;
    findings_free(findings);
    world_free(world);
    return count;
}

/* The small one is looked at first: even where only one cycle is kept, it is this. */
static void a_large_component_does_not_hide_a_small_one(void **state)
{
    (void)state;
    assert_int_equal(count_beside_a_large_component(100, 5, 1), 1);
}

static void a_large_component_does_not_hide_a_larger_one(void **state)
{
    (void)state;
    assert_int_equal(count_beside_a_large_component(60000, 310, 100), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(two_thousand_locks_in_both_orders),
        cmocka_unit_test(a_hundred_thousand_dependencies),
        cmocka_unit_test(ten_thousand_threads_of_which_few_overlap),
        cmocka_unit_test(a_large_component_does_not_hide_a_small_one),
        cmocka_unit_test(a_large_component_does_not_hide_a_larger_one),
    };
    return cmocka_run_group_tests_name("verdict_scale", tests, NULL, NULL);
}
