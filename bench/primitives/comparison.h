/* How a primitive is compared with what one would use instead. */
#ifndef LOCKORDER_BENCH_COMPARISON_H
#define LOCKORDER_BENCH_COMPARISON_H

#include <stdbool.h>

/* One way to do the job. `run` does it so many times, and returns the nanoseconds that this took, all in all. */
struct contender {
    const char *name;
    double (*run)(int times);
};

enum { MOST_CONTENDERS = 4 };

/* The first contender is the library. The others are what it is held against, each with the most that the library may take, relative
 * to it; 0: no target. */
struct comparison {
    const char *name;
    int times;
    struct contender contenders[MOST_CONTENDERS]; /* up to one without a name */
    double targets[MOST_CONTENDERS];
};

extern const struct comparison lock_comparisons[], meeting_comparisons[], queue_comparisons[], pool_comparisons[];

double now(void);

/* Runs the function in so many threads at once, and returns the nanoseconds from the first start to the last end. */
double run_threads(int count, void *(*function)(void *), void *argument);

#endif
