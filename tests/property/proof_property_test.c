/* Random small histories: what is proven against a brute-force judge, which runs all schedules that the definition allows. */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../worlds/small_history.h"

enum { THREADS = 3, LOCKS = 3, CALLS = 8, HISTORIES = 20000, LEAST_PROVEN = 1000 };

/* --- Random histories --- */

static uint64_t random_state;

/* A generator of Marsaglia's, "Xorshift RNGs", 2003. */
static uint32_t random_below(uint32_t bound)
{
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    return (uint32_t)(random_state >> 33) % bound;
}

struct run {
    struct small_call calls[THREADS * CALLS];
    uint32_t count;
    uint32_t made[THREADS];
    uint8_t modes[THREADS][LOCKS]; /* how each thread has each lock; 0: not */
};

static bool others_have(const struct run *run, uint32_t thread, uint32_t lock, uint8_t mode)
{
    for (uint32_t i = 0; i < THREADS; i++) {
        if (i != thread && run->modes[i][lock] == mode)
            return true;
    }
    return false;
}

static void add(struct run *run, uint32_t thread, enum trace_history_call call, char object, bool shared)
{
    run->calls[run->count++] = (struct small_call){.thread = thread + 1, .call = call, .object = object, .shared = shared};
    run->made[thread]++;
}

/* Locks or unlocks, as it can. */
static void add_lock_call(struct run *run, uint32_t thread)
{
    uint32_t lock = random_below(LOCKS);
    uint8_t mode = random_below(5) == 0 ? TRACE_MODE_SHARED : TRACE_MODE_EXCLUSIVE, *had = &run->modes[thread][lock];
    char name = (char)('A' + lock);
    bool blocked = others_have(run, thread, lock, TRACE_MODE_EXCLUSIVE) ||
                   (mode == TRACE_MODE_EXCLUSIVE && others_have(run, thread, lock, TRACE_MODE_SHARED));
    if (*had != 0) {
        add(run, thread, TRACE_HISTORY_RELEASED, name, *had == TRACE_MODE_SHARED);
        *had = 0;
    } else if (!blocked) {
        add(run, thread, TRACE_HISTORY_ACQUIRED, name, mode == TRACE_MODE_SHARED);
        *had = mode;
    } else if (others_have(run, thread, lock, TRACE_MODE_EXCLUSIVE) && random_below(4) == 0) {
        add(run, thread, TRACE_HISTORY_FAILED, name, false);
    }
}

static void make(struct run *run)
{
    memset(run, 0, sizeof *run);
    for (uint32_t step = 0; step < 2 * THREADS * CALLS; step++) {
        uint32_t thread = random_below(THREADS);
        if (run->made[thread] == CALLS)
            continue;
        if (random_below(8) != 0)
            add_lock_call(run, thread);
        else
            add(run, thread, random_below(2) == 0 ? TRACE_HISTORY_GAVE : TRACE_HISTORY_TOOK, random_below(4) == 0 ? 'A' : 'x',
                false);
    }
}

/* --- The judge: a state is how many calls of each thread have run --- */

struct judge {
    const struct run *run;
    uint32_t of_thread[THREADS][CALLS]; /* indexes of calls */
    const struct proof_step *steps;
    uint32_t step_count;
    bool seen[CALLS + 1][CALLS + 1][CALLS + 1];
};

static uint32_t rank_in_thread(const struct run *run, uint32_t call)
{
    uint32_t rank = 0;
    for (uint32_t i = 0; i < call; i++)
        rank += run->calls[i].thread == run->calls[call].thread;
    return rank;
}

static bool has_run(const struct judge *judge, const uint32_t *counts, uint32_t call)
{
    return rank_in_thread(judge->run, call) < counts[judge->run->calls[call].thread - 1];
}

/* Whether the thread has the lock after so many of its calls: the acquisition's index, or -1. */
static int has_lock(const struct judge *judge, uint32_t thread, uint32_t count, char lock)
{
    int acquisition = -1;
    for (uint32_t i = 0; i < count; i++) {
        uint32_t index = judge->of_thread[thread][i];
        const struct small_call *call = &judge->run->calls[index];
        if (call->object == lock && call->call == TRACE_HISTORY_ACQUIRED)
            acquisition = (int)index;
        else if (call->object == lock && call->call == TRACE_HISTORY_RELEASED)
            acquisition = -1;
    }
    return acquisition;
}

/* The lock is free for it, and no acquisition that excludes it and was later in the run has run before it. */
static bool may_acquire(const struct judge *judge, const uint32_t *counts, uint32_t index)
{
    const struct small_call *call = &judge->run->calls[index];
    for (uint32_t thread = 0; thread < THREADS; thread++) {
        int held = has_lock(judge, thread, counts[thread], call->object);
        if (held >= 0 && !(call->shared && judge->run->calls[held].shared))
            return false;
    }
    for (uint32_t later = index + 1; later < judge->run->count; later++) {
        const struct small_call *other = &judge->run->calls[later];
        if (other->call == TRACE_HISTORY_ACQUIRED && other->object == call->object && !(call->shared && other->shared) &&
            has_run(judge, counts, later))
            return false;
    }
    return true;
}

/* All that gave there before it has run. */
static bool may_take(const struct judge *judge, const uint32_t *counts, uint32_t index)
{
    for (uint32_t i = 0; i < index; i++) {
        const struct small_call *other = &judge->run->calls[i];
        bool gives = other->call == TRACE_HISTORY_GAVE || other->call == TRACE_HISTORY_RELEASED;
        if (gives && other->object == judge->run->calls[index].object && !has_run(judge, counts, i))
            return false;
    }
    return true;
}

/* Who had it in the run has it. */
static bool may_fail(const struct judge *judge, const uint32_t *counts, uint32_t index)
{
    for (uint32_t i = index; i-- > 0;) {
        const struct small_call *other = &judge->run->calls[i];
        if (other->object == judge->run->calls[index].object && other->call == TRACE_HISTORY_ACQUIRED)
            return has_lock(judge, other->thread - 1, counts[other->thread - 1], other->object) == (int)i;
    }
    return false;
}

static bool may_run(const struct judge *judge, const uint32_t *counts, uint32_t index)
{
    switch (judge->run->calls[index].call) {
    case TRACE_HISTORY_ACQUIRED:
        return may_acquire(judge, counts, index);
    case TRACE_HISTORY_TOOK:
        return may_take(judge, counts, index);
    case TRACE_HISTORY_FAILED:
        return may_fail(judge, counts, index);
    default:
        return true;
    }
}

static bool is_deadlock(const struct judge *judge, const uint32_t *counts)
{
    for (uint32_t i = 0; i < judge->step_count; i++) {
        const struct proof_step *step = &judge->steps[i];
        uint32_t thread = step->thread.index - 1;
        if (counts[thread] == judge->run->made[thread])
            return false;
        const struct small_call *next = &judge->run->calls[judge->of_thread[thread][counts[thread]]];
        if (next->call != TRACE_HISTORY_ACQUIRED || (uint64_t)next->object != step->wants ||
            has_lock(judge, thread, counts[thread], (char)step->holds) < 0)
            return false;
    }
    return true;
}

static bool reaches_deadlock(struct judge *judge, uint32_t counts[THREADS])
{
    bool *seen = &judge->seen[counts[0]][counts[1]][counts[2]];
    if (*seen)
        return false;
    *seen = true;
    if (is_deadlock(judge, counts))
        return true;
    for (uint32_t thread = 0; thread < THREADS; thread++) {
        if (counts[thread] == judge->run->made[thread] || !may_run(judge, counts, judge->of_thread[thread][counts[thread]]))
            continue;
        counts[thread]++;
        bool reached = reaches_deadlock(judge, counts);
        counts[thread]--;
        if (reached)
            return true;
    }
    return false;
}

static bool judge_proves(const struct run *run, const struct proof_step *steps, uint32_t step_count)
{
    struct judge judge = {.run = run, .steps = steps, .step_count = step_count};
    uint32_t counts[THREADS] = {0};
    for (uint32_t i = 0; i < run->count; i++)
        judge.of_thread[run->calls[i].thread - 1][rank_in_thread(run, i)] = i;
    return reaches_deadlock(&judge, counts);
}

/* --- Both --- */

static void print(const struct run *run)
{
    for (uint32_t i = 0; i < run->count; i++) {
        static const char *const before[] = {[TRACE_HISTORY_ACQUIRED] = "",
                                             [TRACE_HISTORY_RELEASED] = "-",
                                             [TRACE_HISTORY_FAILED] = "",
                                             [TRACE_HISTORY_GAVE] = "!",
                                             [TRACE_HISTORY_TOOK] = "?"};
        const struct small_call *call = &run->calls[i];
        fprintf(stderr, "%u %s%c%s ", call->thread, before[call->call], call->object,
                call->call == TRACE_HISTORY_FAILED ? "~"
                : call->shared                     ? "%"
                                                   : "");
    }
}

static bool compare(const struct run *run, const struct timeline *timeline, const char *const *texts, uint32_t step_count)
{
    struct proof_step steps[THREADS];
    struct proof proof;
    for (uint32_t i = 0; i < step_count; i++)
        steps[i] = small_history_step(texts[i]);
    bool found = proof_find(timeline, steps, step_count, &proof), expected = judge_proves(run, steps, step_count);
    if (found)
        proof_clear(&proof);
    if (found == expected)
        return found;
    print(run);
    fprintf(stderr, "\nsteps %s %s %s: expected %sproven\n", texts[0], texts[1], step_count > 2 ? texts[2] : "",
            expected ? "" : "not ");
    exit(1);
}

static uint32_t compare_all(const struct run *run)
{
    static const char *const cycles[][THREADS] = {{"1AB", "2BA"}, {"1AC", "2CA"}, {"2BC", "3CB"},        {"1BC", "3CB"},
                                                  {"2AB", "1BA"}, {"3AB", "1BA"}, {"1AB", "2BC", "3CA"}, {"3AB", "2BC", "1CA"}};
    struct world *world = small_history_world(run->calls, run->count);
    struct timeline *timeline = timeline_new(world, (struct process_id){1});
    uint32_t proven = 0;
    for (size_t i = 0; i < sizeof cycles / sizeof cycles[0]; i++)
        proven += compare(run, timeline, cycles[i], cycles[i][2] == NULL ? 2 : 3);
    timeline_free(timeline);
    world_free(world);
    return proven;
}

int main(int argc, char **argv)
{
    uint64_t first = argc > 1 ? strtoull(argv[1], NULL, 10) : 1;
    uint32_t proven = 0;
    for (uint64_t seed = first; seed < first + HISTORIES; seed++) {
        struct run run;
        random_state = seed * 0x9e3779b97f4a7c15U;
        make(&run);
        proven += compare_all(&run);
    }
    printf("%d histories from seed %llu: %u cycles proven, as the judge has it\n", HISTORIES, (unsigned long long)first, proven);
    if (proven >= LEAST_PROVEN)
        return 0;
    fprintf(stderr, "%u cycles proven, expected at least %d: the histories say nothing\n", proven, LEAST_PROVEN);
    return 1;
}
