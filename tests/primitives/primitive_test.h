/* What every test of a primitive includes. */
#ifndef LOCKORDER_TESTS_PRIMITIVE_TEST_H
#define LOCKORDER_TESTS_PRIMITIVE_TEST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#include <lockorder/limit.h>
#include <lockorder/stop.h>

/* For threads that are not the test's own, where cmocka cannot jump out of a failure. */
#define require(condition)                                                             \
    do {                                                                               \
        if (!(condition)) {                                                            \
            fprintf(stderr, "%s:%d: not true: %s\n", __FILE__, __LINE__, #condition); \
            abort();                                                                   \
        }                                                                              \
    } while (0)

/* Waits for what no call can wait for: that another thread is blocked. Fails after some 20 seconds. */
#define require_soon(condition)                                      \
    do {                                                             \
        for (int tries = 0; !(condition); tries++) {                 \
            require(tries < 20000);                                  \
            struct lockorder_limit moment = soon();                  \
            lockorder_sleep(&moment);                                \
        }                                                            \
    } while (0)

static inline struct lockorder_limit soon(void)
{
    return lockorder_limit_after(LOCKORDER_MILLISECOND);
}

/* A limit that no test reaches, unless something hangs. */
static inline struct lockorder_limit far(void)
{
    return lockorder_limit_after(60 * LOCKORDER_SECOND);
}

/* How often a stress test does what it does: fewer times under tools that make it slow. */
static inline int rounds(int usual)
{
    const char *divisor = getenv("LOCKORDER_TEST_DIVISOR");
    int fewer = divisor != NULL ? usual / atoi(divisor) : usual;
    return fewer > 0 ? fewer : 1;
}

static inline pthread_t start(void *(*function)(void *), void *argument)
{
    pthread_t thread;
    require(pthread_create(&thread, NULL, function, argument) == 0);
    return thread;
}

static inline void join(pthread_t thread)
{
    require(pthread_join(thread, NULL) == 0);
}

enum { MOST_THREADS = 16 };

/* Runs the function in so many threads at once, to the end. */
static inline void run_threads(int count, void *(*function)(void *), void *argument)
{
    pthread_t threads[MOST_THREADS];
    for (int i = 0; i < count; i++)
        threads[i] = start(function, argument);
    for (int i = 0; i < count; i++)
        join(threads[i]);
}

#endif
