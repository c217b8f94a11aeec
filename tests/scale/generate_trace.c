/* generate_trace FILE NAME=NUMBER...
 *
 * Writes a trace as large as one likes, as a program of that size would leave it. What it is made of:
 *
 *     threads=N      threads that one creator starts ...
 *     at_once=N      ... so many at a time: it joins the oldest before it creates the next
 *     locks=N        mutexes
 *     contexts=N     stacks of 12 frames, of which neighbours share the outer ones
 *     depth=N        locks that a thread takes one after the other, each while holding those before it
 *     dependencies=N so many at least, in such chains of locks drawn at random
 *     ordered=1      chains go upward, so that there is no cycle; 0: in any order
 *     all_pairs=1    instead of drawing: chains over two blocks of depth/2 locks, all pairs of blocks, upward by one thread and
 *                    downward by another one
 *     modules=N      files of code that the frames lie in (default 20)
 */
#include <inttypes.h>
#include <stdbool.h>

#include "../worlds/trace_builder.h"
#include "allocate.h"

enum { FRAMES = 12, MOST_DEPTH = 4000 };

struct size {
    uint32_t threads, at_once, locks, contexts, depth, dependencies, ordered, all_pairs, modules;
};

struct generator {
    struct trace_builder builder;
    struct size size;
    uint64_t seed;
    uint32_t segment, dependency; /* ids given last */
    uint32_t *segment_of;         /* by thread */
};

static uint32_t below(struct generator *generator, uint32_t limit)
{
    generator->seed = generator->seed * 6364136223846793005ULL + 1442695040888963407ULL; /* Knuth's MMIX */
    return (uint32_t)((generator->seed >> 33) % limit);
}

static uint32_t *size_field(struct size *size, const char *name, size_t length)
{
    const struct {
        const char *name;
        uint32_t *field;
    } fields[] = {{"threads", &size->threads},   {"at_once", &size->at_once},     {"locks", &size->locks},
                  {"contexts", &size->contexts}, {"depth", &size->depth},         {"dependencies", &size->dependencies},
                  {"ordered", &size->ordered},   {"all_pairs", &size->all_pairs}, {"modules", &size->modules}};
    for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++) {
        if (strlen(fields[i].name) == length && strncmp(fields[i].name, name, length) == 0)
            return fields[i].field;
    }
    return NULL;
}

static void read_size(struct size *size, const char *argument)
{
    size_t length = strcspn(argument, "=");
    uint32_t *field = size_field(size, argument, length);
    if (field == NULL || argument[length] != '=') {
        fprintf(stderr, "generate_trace: expected NAME=NUMBER as in the comment of generate_trace.c, found '%s'\n", argument);
        exit(99);
    }
    *field = (uint32_t)strtoul(argument + length + 1, NULL, 10);
}

/* --- What every program has --- */

static void add_code(struct generator *generator)
{
    trace_builder_process(&generator->builder, "/usr/bin/large", (const char *const[]){"large"}, 1);
    for (uint32_t i = 1; i <= generator->size.modules; i++) {
        char path[32];
        snprintf(path, sizeof path, "/nowhere/lib%" PRIu32 ".so", i);
        trace_builder_module(&generator->builder, i, path);
    }
    for (uint32_t i = 1; i <= generator->size.contexts; i++) {
        uint64_t frames[FRAMES];
        for (uint32_t frame = 0; frame < FRAMES; frame++)
            frames[frame] = TRACE_FRAME(1 + (i >> frame) % generator->size.modules, 0x1000 + 16 * (i >> frame));
        trace_builder_context(&generator->builder, i, frames, FRAMES);
    }
}

static void add_locks(struct generator *generator)
{
    for (uint32_t i = 1; i <= generator->size.locks; i++)
        trace_builder_lock(&generator->builder, i, TRACE_LOCK_MUTEX, 1 + i % generator->size.contexts);
}

/* Thread 1 creates the others. */
static void add_threads(struct generator *generator)
{
    struct trace_builder *builder = &generator->builder;
    uint32_t count = generator->size.threads, creator = 1;
    generator->segment_of = allocate_zeroed((size_t)count + 2, sizeof(uint32_t));
    trace_builder_thread(builder, 1, 0, "main");
    trace_builder_segment(builder, ++generator->segment, 1, 0, 0, TRACE_SEGMENT_THREAD);
    for (uint32_t thread = 2; thread <= count + 1; thread++) {
        if (thread > generator->size.at_once + 1) {
            trace_builder_segment(builder, ++generator->segment, 1, creator,
                                  generator->segment_of[thread - generator->size.at_once], TRACE_SEGMENT_JOIN);
            creator = generator->segment;
        }
        trace_builder_thread(builder, thread, 1, "worker");
        trace_builder_segment(builder, ++generator->segment, thread, 0, creator, TRACE_SEGMENT_THREAD);
        generator->segment_of[thread] = generator->segment;
        trace_builder_segment(builder, ++generator->segment, 1, creator, 0, TRACE_SEGMENT_CREATE);
        creator = generator->segment;
    }
}

/* --- Chains of locks --- */

/* The thread takes the locks one after the other. */
static void add_chain(struct generator *generator, uint32_t thread, const uint32_t *locks, uint32_t count)
{
    struct trace_held held[MOST_DEPTH];
    uint32_t context = below(generator, generator->size.contexts);
    for (uint32_t i = 0; i < count; i++) {
        uint32_t at = 1 + (context + i) % generator->size.contexts;
        if (i != 0) {
            trace_builder_dependency(&generator->builder, ++generator->dependency, locks[i], at, held, i);
            trace_builder_witness(&generator->builder, generator->dependency, generator->segment_of[thread], 1 + i);
        }
        held[i] = (struct trace_held){.lock = locks[i], .context = at, .mode = TRACE_MODE_EXCLUSIVE};
    }
}

static int compare_locks(const void *left, const void *right)
{
    uint32_t a = *(const uint32_t *)left, b = *(const uint32_t *)right;
    return (a > b) - (a < b);
}

static uint32_t remove_repeated(uint32_t *locks, uint32_t count)
{
    uint32_t kept = 0;
    for (uint32_t i = 0; i < count; i++) {
        bool repeated = false;
        for (uint32_t j = 0; j < kept; j++)
            repeated |= locks[j] == locks[i];
        if (!repeated)
            locks[kept++] = locks[i];
    }
    return kept;
}

static void add_random_chains(struct generator *generator)
{
    uint32_t locks[MOST_DEPTH];
    while (generator->dependency < generator->size.dependencies) {
        for (uint32_t i = 0; i < generator->size.depth; i++)
            locks[i] = 1 + below(generator, generator->size.locks);
        uint32_t count = remove_repeated(locks, generator->size.depth);
        if (generator->size.ordered)
            qsort(locks, count, sizeof locks[0], compare_locks);
        add_chain(generator, 2 + below(generator, generator->size.threads), locks, count);
    }
}

static void add_blocks(struct generator *generator, uint32_t low, uint32_t high)
{
    uint32_t up[MOST_DEPTH], down[MOST_DEPTH], half = generator->size.depth / 2;
    for (uint32_t i = 0; i < half; i++) {
        up[i] = low + i;
        up[half + i] = high + i;
    }
    for (uint32_t i = 0; i < 2 * half; i++)
        down[i] = up[2 * half - 1 - i];
    add_chain(generator, 2, up, 2 * half);
    add_chain(generator, 3, down, 2 * half);
}

static void add_all_pairs(struct generator *generator)
{
    uint32_t half = generator->size.depth / 2;
    for (uint32_t low = 1; low + half <= generator->size.locks; low += half) {
        for (uint32_t high = low + half; high + half <= generator->size.locks + 1; high += half)
            add_blocks(generator, low, high);
    }
}

int main(int argument_count, char **arguments)
{
    struct generator generator = {.size = {.threads = 2, .at_once = 2, .locks = 10, .contexts = 10, .depth = 2, .modules = 20},
                                  .seed = 1};
    if (argument_count < 2)
        return 99;
    for (int i = 2; i < argument_count; i++)
        read_size(&generator.size, arguments[i]);
    if (generator.size.depth > MOST_DEPTH)
        return 99;
    trace_builder_open(&generator.builder);
    add_code(&generator);
    add_threads(&generator);
    add_locks(&generator);
    if (generator.size.all_pairs)
        add_all_pairs(&generator);
    else
        add_random_chains(&generator);
    trace_builder_write(&generator.builder, arguments[1]);
    printf("%" PRIu32 " dependencies, %zu bytes\n", generator.dependency, generator.builder.size);
    trace_builder_close(&generator.builder);
    free(generator.segment_of);
    return 0;
}
