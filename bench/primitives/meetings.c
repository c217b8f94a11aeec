/* Barrier, event and latch against pthread_barrier. */
#include "comparison.h"

#include <pthread.h>
#include <stddef.h>

#include <lockorder/barrier.h>
#include <lockorder/event.h>
#include <lockorder/latch.h>

static struct lockorder_barrier barrier;
static pthread_barrier_t bare_barrier, start, end;

static void *meet(void *times)
{
    for (int i = 0; i < *(int *)times; i++)
        lockorder_barrier_wait(&barrier, NULL);
    return NULL;
}

static void *meet_bare(void *times)
{
    for (int i = 0; i < *(int *)times; i++)
        pthread_barrier_wait(&bare_barrier);
    return NULL;
}

static double meetings(int parties, int times)
{
    lockorder_barrier_init(&barrier, (unsigned)parties, NULL, NULL, NULL);
    double time = run_threads(parties, meet, &times);
    lockorder_barrier_destroy(&barrier);
    return time;
}

static double bare_meetings(int parties, int times)
{
    pthread_barrier_init(&bare_barrier, NULL, (unsigned)parties);
    double time = run_threads(parties, meet_bare, &times);
    pthread_barrier_destroy(&bare_barrier);
    return time;
}

static double two(int times)
{
    return meetings(2, times);
}

static double bare_two(int times)
{
    return bare_meetings(2, times);
}

static double four(int times)
{
    return meetings(4, times);
}

static double bare_four(int times)
{
    return bare_meetings(4, times);
}

static double eight(int times)
{
    return meetings(8, times);
}

static double bare_eight(int times)
{
    return bare_meetings(8, times);
}

/* Two threads: one asks, the other answers. With barriers: one before the answer, one after it. */
static struct lockorder_event question, answer;

static void *answer_events(void *times)
{
    for (int i = 0; i < *(int *)times; i++) {
        lockorder_event_wait(&question);
        lockorder_event_clear(&question);
        lockorder_event_set(&answer);
    }
    return NULL;
}

static double events(int times)
{
    pthread_t other;
    lockorder_event_init(&question, NULL);
    lockorder_event_init(&answer, NULL);
    double begin = now();
    pthread_create(&other, NULL, answer_events, &times);
    for (int i = 0; i < times; i++) {
        lockorder_event_set(&question);
        lockorder_event_wait(&answer);
        lockorder_event_clear(&answer);
    }
    pthread_join(other, NULL);
    double time = now() - begin;
    lockorder_event_destroy(&question);
    lockorder_event_destroy(&answer);
    return time;
}

static void *answer_barriers(void *times)
{
    for (int i = 0; i < *(int *)times; i++) {
        pthread_barrier_wait(&start);
        pthread_barrier_wait(&end);
    }
    return NULL;
}

static double rounds_of_barriers(int others, int times)
{
    pthread_t threads[8];
    pthread_barrier_init(&start, NULL, (unsigned)others + 1);
    pthread_barrier_init(&end, NULL, (unsigned)others + 1);
    double begin = now();
    for (int i = 0; i < others; i++)
        pthread_create(&threads[i], NULL, answer_barriers, &times);
    answer_barriers(&times);
    for (int i = 0; i < others; i++)
        pthread_join(threads[i], NULL);
    double time = now() - begin;
    pthread_barrier_destroy(&start);
    pthread_barrier_destroy(&end);
    return time;
}

static double events_by_barriers(int times)
{
    return rounds_of_barriers(1, times);
}

/* One thread starts two others, and waits for them: with a latch for the start and one for the end, used anew in every other round. */
enum { WORKERS = 2 };
static struct lockorder_latch starts[2], ends[2];

static void *work_between_latches(void *times)
{
    for (int i = 0; i < *(int *)times; i++) {
        lockorder_latch_wait(&starts[i % 2]);
        lockorder_latch_count_down(&ends[i % 2]);
    }
    return NULL;
}

static double latches(int times)
{
    pthread_t threads[WORKERS];
    for (int i = 0; i < 2; i++) {
        lockorder_latch_init(&starts[i], 1, NULL);
        lockorder_latch_init(&ends[i], WORKERS, NULL);
    }
    double begin = now();
    for (int i = 0; i < WORKERS; i++)
        pthread_create(&threads[i], NULL, work_between_latches, &times);
    for (int i = 0; i < times; i++) {
        lockorder_latch_count_down(&starts[i % 2]);
        lockorder_latch_wait(&ends[i % 2]);
        lockorder_latch_reset(&starts[i % 2], 1);
        lockorder_latch_reset(&ends[i % 2], WORKERS);
    }
    for (int i = 0; i < WORKERS; i++)
        pthread_join(threads[i], NULL);
    double time = now() - begin;
    for (int i = 0; i < 2; i++) {
        lockorder_latch_destroy(&starts[i]);
        lockorder_latch_destroy(&ends[i]);
    }
    return time;
}

static double latches_by_barriers(int times)
{
    return rounds_of_barriers(WORKERS, times);
}

const struct comparison meeting_comparisons[] = {
    {"barrier, 2 threads", 1500, {{"lockorder_barrier", two}, {"pthread_barrier", bare_two}}, {0, 1.2}},
    {"barrier, 4 threads", 1000, {{"lockorder_barrier", four}, {"pthread_barrier", bare_four}}, {0, 1.2}},
    {"barrier, 8 threads", 500, {{"lockorder_barrier", eight}, {"pthread_barrier", bare_eight}}, {0, 1.2}},
    {"event", 1000, {{"lockorder_event", events}, {"pthread_barrier", events_by_barriers}}, {0, 1.2}},
    {"latch", 800, {{"lockorder_latch", latches}, {"pthread_barrier", latches_by_barriers}}, {0, 1.2}},
    {NULL, 0, {{NULL, NULL}}, {0}},
};
