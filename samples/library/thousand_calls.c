/* A thousand calls of something slow, ten at a time: not a thousand threads that wait for each other, but ten that take one call
 * after the other. The pool is the limit.
 *
 *     build/release/samples/library/thousand_calls */
/* EXPECT nothing: a pool's tasks hold nothing */
#include <stdatomic.h>

#include <lockorder/lockorder.h>

#include "crew.h"

enum { CALLS = 1000, AT_A_TIME = 10 };

static atomic_int running, too_many;

static int call(void *argument, void **result)
{
    if (++running > AT_A_TIME)
        too_many = 1;
    *result = argument;
    running--;
    return 0;
}

int main(void)
{
    static int numbers[CALLS];
    static void *arguments[CALLS], *results[CALLS];
    struct lockorder_thread_pool pool;
    for (int i = 0; i < CALLS; i++)
        arguments[i] = &numbers[i];
    lockorder_thread_pool_init(&pool, AT_A_TIME, "callers");
    int error = lockorder_thread_pool_map(&pool, call, arguments, CALLS, results);
    lockorder_thread_pool_close(&pool, LOCKORDER_FINISH_QUEUED);
    lockorder_thread_pool_join(&pool);
    lockorder_thread_pool_destroy(&pool);
    for (int i = 0; i < CALLS; i++)
        expect(results[i] == arguments[i], "the result of each call in its place");
    expect(error == 0 && !too_many, "ten at a time at most");
    puts("all calls are answered");
    return 0;
}
