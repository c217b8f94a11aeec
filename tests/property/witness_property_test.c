/* witness_property_test [COUNT [FIRST_SEED]]
 *
 * What a rule that leaves witnesses out loses, against the same verdict on all of them: random programs whose threads create and
 * join each other in rounds, with rings of two to eight locks. */
#include <inttypes.h>

#include "../worlds/notation.h"
#include "allocate.h"
#include "verdict/verdict.h"
#include "witnesses.h"

enum { MOST_LOCKS = 8, MOST_THREADS = 30 };

struct program {
    uint64_t seed;
    FILE *stream;
    uint32_t locks, threads, created; /* threads are named T1, T2, ... as they are created */
    bool joined[MOST_THREADS + 1];
};

static uint32_t below(struct program *program, uint32_t limit)
{
    program->seed = program->seed * 6364136223846793005ULL + 1442695040888963407ULL; /* Knuth's MMIX */
    return (uint32_t)(program->seed >> 33) % limit;
}

/* --- Random programs --- */

static void print_name(struct program *program, uint32_t thread)
{
    if (thread == 0)
        fputs("main:", program->stream);
    else
        fprintf(program->stream, "T%" PRIu32 ":", thread);
}

/* A step of the ring, mostly; sometimes under one lock more. */
static void print_step(struct program *program, uint32_t thread)
{
    uint32_t held = below(program, program->locks), wanted = (held + 1) % program->locks;
    print_name(program, thread);
    if (below(program, 10) == 0)
        fputs(" G", program->stream);
    if (below(program, 8) == 0)
        wanted = below(program, program->locks);
    fprintf(program->stream, " %c", (char)('A' + held));
    if (wanted != held)
        fprintf(program->stream, " %c", (char)('A' + wanted));
    fputc('\n', program->stream);
}

/* A thread that lives creates one, joins one, or takes locks. */
static void print_line(struct program *program)
{
    uint32_t thread = below(program, program->created + 1), what = below(program, 10);
    if (program->joined[thread])
        return;
    if (what < 3 && program->created < program->threads) {
        print_name(program, thread);
        fprintf(program->stream, " create(T%" PRIu32 ")\n", ++program->created);
    } else if (what < 5 && program->created != 0) {
        uint32_t joined = 1 + below(program, program->created);
        if (joined <= thread || program->joined[joined]) /* who was created later never joins who was created earlier */
            return;
        print_name(program, thread);
        fprintf(program->stream, " join(T%" PRIu32 ")\n", joined);
        program->joined[joined] = true;
    } else {
        print_step(program, thread);
    }
}

static char *random_program(uint64_t seed)
{
    char *text = NULL;
    size_t size;
    struct program program = {.seed = seed, .stream = allocate_checked(open_memstream(&text, &size))};
    program.locks = 2 + below(&program, MOST_LOCKS - 1);
    program.threads = 2 + below(&program, MOST_THREADS - 1);
    uint32_t lines = 20 + below(&program, 150);
    fputs("main: A\n", program.stream);
    for (uint32_t i = 0; i < lines; i++)
        print_line(&program);
    fclose(program.stream);
    return text;
}

/* --- Findings as text, without what may differ: which of several witnesses is shown --- */

static char *judge(struct small_world *small, uint32_t *longest)
{
    char *text = NULL;
    size_t size;
    FILE *stream = allocate_checked(open_memstream(&text, &size));
    struct findings *findings = verdict_find(small->world, &(struct verdict_options){.names = small_world_names(small)});
    for (uint32_t i = 0; i < findings->count; i++) {
        const struct finding *finding = &findings->items[i];
        fprintf(stream, "%s %s%s\n", finding_kind_name(finding->kind), finding->fingerprint,
                finding->advisory ? " advisory" : "");
        *longest = finding->step_count > *longest ? finding->step_count : *longest;
    }
    if (findings->cut != 0)
        fputs("cut\n", stream);
    findings_free(findings);
    fclose(stream);
    return text;
}

static uint64_t count_witnesses(const struct world *world)
{
    uint64_t count = 0;
    for (uint32_t i = 1; i < world->dependency_count; i++)
        count += world->dependencies[i].witness_count;
    return count;
}

enum rule { KEEP_ALL, KEEP_TURNS, KEEP_TWO_AND_TWO, KEEP_SIXTEEN_AND_SIXTEEN, RULES };

struct tally {
    uint64_t witnesses[RULES], lost[RULES];
    uint32_t longest;
};

static char *judge_by(const char *text, enum rule rule, struct tally *tally)
{
    struct small_world *small = notation_read(text);
    if (rule == KEEP_TURNS)
        witnesses_keep_turns(small->world);
    if (rule == KEEP_TWO_AND_TWO || rule == KEEP_SIXTEEN_AND_SIXTEEN)
        witnesses_keep_first_and_recent(small->world, rule == KEEP_TWO_AND_TWO ? 2 : 16);
    tally->witnesses[rule] += count_witnesses(small->world);
    char *found = judge(small, &tally->longest);
    small_world_free(small);
    return found;
}

static void check_program(const char *text, struct tally *tally)
{
    char *all = judge_by(text, KEEP_ALL, tally);
    for (enum rule rule = KEEP_TURNS; rule < RULES; rule++) {
        char *found = judge_by(text, rule, tally);
        tally->lost[rule] += strcmp(all, found) != 0;
        free(found);
    }
    free(all);
}

static bool check_seed(uint64_t seed, struct tally *tally)
{
    char *text = random_program(seed);
    check_program(text, tally);
    if (tally->lost[KEEP_TURNS] != 0)
        printf("seed %" PRIu64 ": turns are not enough:\n%s", seed, text);
    free(text);
    return tally->lost[KEEP_TURNS] == 0;
}

/* Forty threads, one after the other, take A and B; while the twentieth lives, another one takes B and A. First and recent
 * witnesses are of threads that the other one never meets. */
static bool check_generations(void)
{
    char *text = NULL;
    size_t size;
    struct tally tally = {.longest = 0};
    FILE *stream = allocate_checked(open_memstream(&text, &size));
    for (int i = 1; i <= 40; i++) {
        fprintf(stream, "main: create(T%d)\nT%d: A B\n", i, i);
        if (i == 20)
            fputs("main: create(other)\nother: B A\nmain: join(other)\n", stream);
        fprintf(stream, "main: join(T%d)\n", i);
    }
    fclose(stream);
    check_program(text, &tally);
    free(text);
    printf("40 generations: kept first and recent 16, %" PRIu64 " lost; kept turns, %" PRIu64 " lost\n",
           tally.lost[KEEP_SIXTEEN_AND_SIXTEEN], tally.lost[KEEP_TURNS]);
    return tally.lost[KEEP_SIXTEEN_AND_SIXTEEN] == 1 && tally.lost[KEEP_TURNS] == 0;
}

int main(int argument_count, char **arguments)
{
    uint64_t programs = argument_count > 1 ? strtoull(arguments[1], NULL, 10) : 5000;
    uint64_t first = argument_count > 2 ? strtoull(arguments[2], NULL, 10) : 1;
    struct tally tally = {.longest = 0};
    for (uint64_t i = 0; i < programs; i++) {
        if (!check_seed(first + i, &tally))
            return 1;
    }
    printf("%" PRIu64 " programs from seed %" PRIu64 ", cycles of up to %" PRIu32 " threads; witnesses: %" PRIu64
           ", of which turns %" PRIu64 ", which lose findings in %" PRIu64 " programs; first and recent 2: %" PRIu64
           ", lost in %" PRIu64 "\n",
           programs, first, tally.longest, tally.witnesses[KEEP_ALL], tally.witnesses[KEEP_TURNS], tally.lost[KEEP_TURNS],
           tally.witnesses[KEEP_TWO_AND_TWO], tally.lost[KEEP_TWO_AND_TWO]);
    /* A test in which nothing can be lost, or no long cycle is, would prove nothing. */
    bool is_weak = programs >= 1000 && (tally.lost[KEEP_TWO_AND_TWO] == 0 || tally.longest < 8);
    return !check_generations() || is_weak;
}
