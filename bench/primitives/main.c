/* Compares the primitives with what one would use instead:
 *
 *     primitives_bench [ROUNDS [COMPARISON]]
 *
 * In each round all contenders do the same job once, in turn, so that a neighbour who comes and goes, or a clock that changes, meets
 * all alike. Printed are, for each contender, the median nanoseconds per operation, and the median, with quartiles, of the ratio
 * of the library's time to the contender's within a round. The median is held against the target. */
#include "comparison.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { USUAL_ROUNDS = 31, MOST_ROUNDS = 1000, MOST_THREADS = 16 };

double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec * 1e9 + (double)time.tv_nsec;
}

double run_threads(int count, void *(*function)(void *), void *argument)
{
    pthread_t threads[MOST_THREADS];
    double start = now();
    for (int i = 0; i < count; i++)
        if (pthread_create(&threads[i], NULL, function, argument) != 0)
            abort();
    for (int i = 0; i < count; i++)
        pthread_join(threads[i], NULL);
    return now() - start;
}

static int compare(const void *value, const void *other)
{
    double difference = *(const double *)value - *(const double *)other;
    return difference < 0 ? -1 : difference > 0;
}

/* At a quarter, the half, three quarters of the sorted values. */
static double quantile(const double *sorted, int count, int quarters)
{
    return sorted[(count - 1) * quarters / 4];
}

static double times[MOST_CONTENDERS][MOST_ROUNDS];

static void print(const struct comparison *comparison, int contender, int rounds)
{
    double ratios[MOST_ROUNDS], sorted[MOST_ROUNDS];
    for (int round = 0; round < rounds; round++) {
        ratios[round] = times[0][round] / times[contender][round];
        sorted[round] = times[contender][round];
    }
    qsort(ratios, (size_t)rounds, sizeof *ratios, compare);
    qsort(sorted, (size_t)rounds, sizeof *sorted, compare);
    printf("%-20s %-22s %10.1f", comparison->name, comparison->contenders[contender].name, quantile(sorted, rounds, 2));
    double median = quantile(ratios, rounds, 2), target = comparison->targets[contender];
    if (contender > 0)
        printf("   %5.2f (%.2f-%.2f)", median, quantile(ratios, rounds, 1), quantile(ratios, rounds, 3));
    if (target > 0)
        printf("   %.2f %s", target, median <= target ? "met" : "missed");
    printf("\n");
}

static void measure(const struct comparison *comparison, int rounds)
{
    int contenders = 0;
    while (contenders < MOST_CONTENDERS && comparison->contenders[contenders].name != NULL)
        contenders++;
    for (int round = -1; round < rounds; round++)
        for (int i = 0; i < contenders; i++) {
            double time = comparison->contenders[i].run(comparison->times) / comparison->times;
            if (round >= 0) /* the one before is to warm up */
                times[i][round] = time;
        }
    for (int i = 0; i < contenders; i++)
        print(comparison, i, rounds);
    fflush(stdout);
}

int main(int count, char **arguments)
{
    int rounds = count > 1 ? atoi(arguments[1]) : USUAL_ROUNDS;
    const char *only = count > 2 ? arguments[2] : NULL;
    if (rounds < 1 || rounds > MOST_ROUNDS) {
        fprintf(stderr, "primitives_bench: expected 1 to %d rounds, found %s\n", MOST_ROUNDS, arguments[1]);
        return 2;
    }
#ifndef HAVE_GLIB
    printf("GLib is not installed (libglib2.0-dev): the comparisons with it are skipped\n");
#endif
    printf("%-20s %-22s %10s   %s   %s\n", "job", "way", "ns", "library / way (quartiles)", "target");
    const struct comparison *groups[] = {lock_comparisons, meeting_comparisons, queue_comparisons, pool_comparisons};
    for (size_t group = 0; group < sizeof groups / sizeof *groups; group++)
        for (const struct comparison *comparison = groups[group]; comparison->name != NULL; comparison++)
            if (only == NULL || strcmp(only, comparison->name) == 0)
                measure(comparison, rounds);
    return 0;
}
