/* What a lock call costs. For each line on stdin, runs one scenario for some milliseconds and prints the nanoseconds that an
 * operation took (of a lock scenario: an acquire/release pair):
 *
 *     fast_path SCENARIO                 time, on request
 *     fast_path SCENARIO ITERATIONS      no time; runs just that many iterations, for counting instructions
 *     fast_path --list                   the scenarios
 *
 * On request, so that run.py can let this program take turns with itself under another preload library every few milliseconds. */
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { MANY = 100000, DEPTH = 8, SLICE_NANOSECONDS = 5000000 };

static pthread_mutex_t nested[DEPTH];
static pthread_mutex_t *many;

/* --- Scenarios: each runs `iterations` iterations --- */

static void lock_flat(uint64_t iterations)
{
    for (uint64_t i = 0; i < iterations; i++) {
        pthread_mutex_lock(&nested[0]);
        pthread_mutex_unlock(&nested[0]);
    }
}

static void lock_nested_2(uint64_t iterations)
{
    for (uint64_t i = 0; i < iterations; i++) {
        pthread_mutex_lock(&nested[0]);
        pthread_mutex_lock(&nested[1]);
        pthread_mutex_unlock(&nested[1]);
        pthread_mutex_unlock(&nested[0]);
    }
}

static void lock_nested_8(uint64_t iterations)
{
    for (uint64_t i = 0; i < iterations; i++) {
        for (int depth = 0; depth < DEPTH; depth++)
            pthread_mutex_lock(&nested[depth]);
        for (int depth = DEPTH; depth-- > 0;)
            pthread_mutex_unlock(&nested[depth]);
    }
}

static void lock_many(uint64_t iterations)
{
    size_t next = 0;
    for (uint64_t i = 0; i < iterations; i++) {
        pthread_mutex_lock(&many[next]);
        pthread_mutex_unlock(&many[next]);
        next = next + 1 < MANY ? next + 1 : 0;
    }
}

/* The outer lock is taken once: what is measured is the pair on the inner one. */
static void lock_many_nested(uint64_t iterations)
{
    pthread_mutex_lock(&nested[0]);
    lock_many(iterations);
    pthread_mutex_unlock(&nested[0]);
}

/* The other kinds of locks: one by itself, and DEPTH of them nested. */
#define KIND(name, type, take, give)                                                                                             \
    static type name[DEPTH];                                                                                                     \
    static void lock_##name##_flat(uint64_t iterations)                                                                          \
    {                                                                                                                            \
        for (uint64_t i = 0; i < iterations; i++) {                                                                              \
            take(&(name)[0]);                                                                                                    \
            give(&(name)[0]);                                                                                                    \
        }                                                                                                                        \
    }                                                                                                                            \
    static void lock_##name##_nested(uint64_t iterations)                                                                        \
    {                                                                                                                            \
        for (uint64_t i = 0; i < iterations; i++) {                                                                              \
            for (int depth = 0; depth < DEPTH; depth++)                                                                          \
                take(&(name)[depth]);                                                                                            \
            for (int depth = DEPTH; depth-- > 0;)                                                                                \
                give(&(name)[depth]);                                                                                            \
        }                                                                                                                        \
    }

KIND(recursive, pthread_mutex_t, pthread_mutex_lock, pthread_mutex_unlock)
KIND(spin, pthread_spinlock_t, pthread_spin_lock, pthread_spin_unlock)
KIND(reading, pthread_rwlock_t, pthread_rwlock_rdlock, pthread_rwlock_unlock)
KIND(writing, pthread_rwlock_t, pthread_rwlock_wrlock, pthread_rwlock_unlock)
KIND(semaphore, sem_t, sem_wait, sem_post)

/* --- Ways to come to a lock --- */

enum { CALLS = 64, WAYS = 10 };

static __attribute__((noinline)) void lock_below(int calls)
{
    if (calls > 0)
        lock_below(calls - 1);
    else {
        pthread_mutex_lock(&nested[0]);
        pthread_mutex_unlock(&nested[0]);
    }
    __asm__ volatile(""); /* no tail call */
}

static void lock_deep(uint64_t iterations)
{
    for (uint64_t i = 0; i < iterations; i++)
        lock_below(CALLS);
}

/* Three levels of ten functions each, of which every one calls each of the next level: a thousand ways to one lock. */
#define FUNCTION(level, number, below)                                                                                           \
    static __attribute__((noinline)) void way_##level##_##number(unsigned way)                                                   \
    {                                                                                                                            \
        below;                                                                                                                   \
        __asm__ volatile("" ::"r"(number));                                                                                      \
    }
#define LEVEL(level, below)                                                                                                      \
    FUNCTION(level, 0, below)                                                                                                    \
    FUNCTION(level, 1, below) FUNCTION(level, 2, below) FUNCTION(level, 3, below) FUNCTION(level, 4, below)                      \
        FUNCTION(level, 5, below) FUNCTION(level, 6, below) FUNCTION(level, 7, below) FUNCTION(level, 8, below)                  \
            FUNCTION(level, 9, below) static void (*const level_##level[WAYS])(unsigned) = {                                     \
                way_##level##_0, way_##level##_1, way_##level##_2, way_##level##_3, way_##level##_4,                             \
                way_##level##_5, way_##level##_6, way_##level##_7, way_##level##_8, way_##level##_9};

static __attribute__((noinline)) void lock_at_the_end(unsigned way)
{
    pthread_mutex_lock(&nested[0]);
    pthread_mutex_unlock(&nested[0]);
    __asm__ volatile("" ::"r"(way));
}

LEVEL(3, lock_at_the_end(way))
LEVEL(2, level_3[way % WAYS](way / WAYS))
LEVEL(1, level_2[way % WAYS](way / WAYS))

static void lock_by_many_ways(uint64_t iterations)
{
    for (uint64_t i = 0; i < iterations; i++)
        level_1[i % WAYS]((unsigned)(i / WAYS % (WAYS * WAYS)));
}

/* --- Threads --- */

static atomic_int contenders_missing;

static void *contend(void *iterations)
{
    atomic_fetch_sub(&contenders_missing, 1);
    while (atomic_load(&contenders_missing) > 0)
        sched_yield();
    lock_flat(*(const uint64_t *)iterations);
    return NULL;
}

static void start(pthread_t *thread, void *(*routine)(void *), void *argument)
{
    if (pthread_create(thread, NULL, routine, argument) != 0) {
        perror("pthread_create");
        exit(EXIT_FAILURE);
    }
}

/* Two threads, each half of the iterations. */
static void lock_contended(uint64_t iterations)
{
    pthread_t threads[2];
    uint64_t half = iterations / 2 + 1;
    atomic_store(&contenders_missing, 2);
    for (int i = 0; i < 2; i++)
        start(&threads[i], contend, &half);
    for (int i = 0; i < 2; i++)
        pthread_join(threads[i], NULL);
}

static struct {
    pthread_mutex_t mutex;
    pthread_cond_t changed;
    uint64_t turn, end;
} table_tennis = {.mutex = PTHREAD_MUTEX_INITIALIZER, .changed = PTHREAD_COND_INITIALIZER};

static void *play(void *parity)
{
    uint64_t mine = (uintptr_t)parity;
    pthread_mutex_lock(&table_tennis.mutex);
    while (table_tennis.turn < table_tennis.end) {
        if (table_tennis.turn % 2 == mine) {
            table_tennis.turn++;
            pthread_cond_signal(&table_tennis.changed);
        } else {
            pthread_cond_wait(&table_tennis.changed, &table_tennis.mutex);
        }
    }
    pthread_mutex_unlock(&table_tennis.mutex);
    return NULL;
}

static void wait_on_condition(uint64_t iterations)
{
    pthread_t other;
    table_tennis.turn = 0;
    table_tennis.end = 2 * iterations;
    start(&other, play, (void *)(uintptr_t)1);
    play((void *)(uintptr_t)0);
    pthread_join(other, NULL);
}

static void *do_nothing(void *argument)
{
    return argument;
}

static void create_and_join(uint64_t iterations)
{
    for (uint64_t i = 0; i < iterations; i++) {
        pthread_t thread;
        start(&thread, do_nothing, NULL);
        pthread_join(thread, NULL);
    }
}

struct object {
    pthread_mutex_t mutex;
    uint64_t content[4];
};

/* The compiler must not see that the memory is of no use. */
static void *allocate(size_t size)
{
    void *memory = malloc(size);
    __asm__ volatile("" : "+r"(memory) : : "memory");
    if (!memory)
        abort();
    return memory;
}

static void live_and_die(uint64_t iterations)
{
    for (uint64_t i = 0; i < iterations; i++) {
        struct object *object = allocate(sizeof *object);
        pthread_mutex_init(&object->mutex, NULL);
        pthread_mutex_lock(&object->mutex);
        pthread_mutex_unlock(&object->mutex);
        pthread_mutex_destroy(&object->mutex);
        free(object);
    }
}

static void allocate_and_free(uint64_t iterations)
{
    for (uint64_t i = 0; i < iterations; i++)
        free(allocate(64));
}

static const struct scenario {
    const char *name;
    void (*run)(uint64_t iterations);
    uint64_t operations; /* of one iteration */
    uint64_t least;      /* iterations of a slice: the many mutexes are each used once at least */
    enum { WARM, COLD /* measured without a warm-up: what the first use costs */ } start;
} scenarios[] = {
    {"flat", lock_flat, 1, 10000, WARM},
    {"nested-2", lock_nested_2, 2, 10000, WARM},
    {"nested-8", lock_nested_8, DEPTH, 10000, WARM},
    {"recursive-flat", lock_recursive_flat, 1, 10000, WARM},
    {"recursive-nested-8", lock_recursive_nested, DEPTH, 10000, WARM},
    {"spin-flat", lock_spin_flat, 1, 10000, WARM},
    {"spin-nested-8", lock_spin_nested, DEPTH, 10000, WARM},
    {"read-flat", lock_reading_flat, 1, 10000, WARM},
    {"read-nested-8", lock_reading_nested, DEPTH, 10000, WARM},
    {"write-flat", lock_writing_flat, 1, 10000, WARM},
    {"write-nested-8", lock_writing_nested, DEPTH, 10000, WARM},
    {"semaphore-flat", lock_semaphore_flat, 1, 10000, WARM},
    {"semaphore-nested-8", lock_semaphore_nested, DEPTH, 10000, WARM},
    {"deep", lock_deep, 1, 10000, WARM},
    {"thousand-ways", lock_by_many_ways, 1, 10000, WARM},
    {"many-flat", lock_many, 1, MANY, WARM},
    {"many-nested", lock_many_nested, 1, MANY, WARM},
    {"many-nested-first", lock_many_nested, 1, MANY, COLD},
    {"contended", lock_contended, 1, 100000, WARM},
    {"condition", wait_on_condition, 2, 200, WARM},
    {"create-join", create_and_join, 1, 50, WARM},
    {"object-life", live_and_die, 1, 10000, WARM},
    {"malloc-free", allocate_and_free, 1, 10000, WARM},
};

enum { SCENARIOS = sizeof scenarios / sizeof scenarios[0] };

/* --- Measuring --- */

static uint64_t now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec;
}

static uint64_t time_of(const struct scenario *scenario, uint64_t iterations)
{
    uint64_t start_time = now();
    scenario->run(iterations);
    return now() - start_time;
}

/* Doubles the iterations until a slice is long enough; this is the warm-up, too. */
static uint64_t iterations_of_a_slice(const struct scenario *scenario)
{
    uint64_t iterations = scenario->least;
    scenario->run(iterations);
    while (time_of(scenario, iterations) < SLICE_NANOSECONDS)
        iterations *= 2;
    return iterations;
}

static void measure_on_request(const struct scenario *scenario)
{
    uint64_t iterations = scenario->start == COLD ? scenario->least : iterations_of_a_slice(scenario);
    char request[16];
    while (fgets(request, sizeof request, stdin)) {
        uint64_t time = time_of(scenario, iterations);
        printf("%.3f\n", (double)time / (double)(iterations * scenario->operations));
        fflush(stdout);
    }
}

static void make_many(void)
{
    many = malloc(MANY * sizeof *many);
    if (!many)
        abort();
    for (size_t i = 0; i < MANY; i++)
        pthread_mutex_init(&many[i], NULL);
}

static void make_each_kind(void)
{
    pthread_mutexattr_t attributes;
    pthread_mutexattr_init(&attributes);
    pthread_mutexattr_settype(&attributes, PTHREAD_MUTEX_RECURSIVE);
    for (int i = 0; i < DEPTH; i++) {
        pthread_mutex_init(&nested[i], NULL);
        pthread_mutex_init(&recursive[i], &attributes);
        pthread_spin_init(&spin[i], PTHREAD_PROCESS_PRIVATE);
        pthread_rwlock_init(&reading[i], NULL);
        pthread_rwlock_init(&writing[i], NULL);
        sem_init(&semaphore[i], 0, 1);
    }
}

static const struct scenario *find_scenario(const char *name)
{
    for (size_t i = 0; i < SCENARIOS; i++)
        if (strcmp(scenarios[i].name, name) == 0)
            return &scenarios[i];
    return NULL;
}

/* 0 for what is no count. */
static uint64_t parse_count(const char *text)
{
    char *end;
    unsigned long long count = strtoull(text, &end, 10);
    return *end ? 0 : count;
}

int main(int count, char **arguments)
{
    if (count == 2 && strcmp(arguments[1], "--list") == 0) {
        for (size_t i = 0; i < SCENARIOS; i++)
            printf("%s\n", scenarios[i].name);
        return EXIT_SUCCESS;
    }
    const struct scenario *scenario = count == 2 || count == 3 ? find_scenario(arguments[1]) : NULL;
    uint64_t iterations = scenario && count == 3 ? parse_count(arguments[2]) : 0;
    if (!scenario || (count == 3 && !iterations)) {
        fprintf(stderr, "usage: fast_path SCENARIO [ITERATIONS] | --list\n");
        return EXIT_FAILURE;
    }
    make_each_kind();
    if (scenario->least == MANY)
        make_many();
    if (iterations)
        scenario->run(iterations);
    else
        measure_on_request(scenario);
    return EXIT_SUCCESS;
}
