/* What threads of the program share without a lock, or by the recorder's own: several at once, compiled with ThreadSanitizer
 * where the compiler has it. */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "recorder_lock.h"
#include "young_locks.h"

enum { THREADS = 4, ROUNDS = 20000, FIRST = 0x10000 };

bool recorder_in_sandbox;

static struct recorder_lock lock;
static unsigned long counted, begun, taken;

static void *count(void *unused)
{
    for (unsigned i = 0; i < ROUNDS; i++) {
        recorder_lock_take(&lock);
        counted++;
        recorder_lock_release(&lock);
    }
    return unused;
}

/* The locks of all threads share a set. */
static void *begin_and_take(void *number)
{
    uintptr_t own = FIRST + (uintptr_t)number * 4;
    uint32_t context;
    for (unsigned i = 0; i < ROUNDS; i++) {
        if (!young_begin(own, 1 + (uint32_t)(uintptr_t)number))
            continue;
        __atomic_fetch_add(&begun, 1, __ATOMIC_RELAXED);
        bool took = young_take(own, &context) && context == 1 + (uint32_t)(uintptr_t)number;
        __atomic_fetch_add(&taken, took, __ATOMIC_RELAXED);
    }
    return number;
}

static void play(void *(*work)(void *))
{
    pthread_t threads[THREADS];
    for (uintptr_t i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, work, (void *)i), 0);
    for (unsigned i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
}

static void one_at_a_time(void **unused)
{
    (void)unused;
    play(count);
    assert_int_equal(counted, (unsigned long)THREADS * ROUNDS);
}

static void each_is_taken_once(void **unused)
{
    (void)unused;
    play(begin_and_take);
    assert_int_not_equal(begun, 0);
    assert_int_equal(taken, begun);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(one_at_a_time), cmocka_unit_test(each_is_taken_once)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
