/* A thread's cache: what is put in is found again, in whatever order its entries come and go. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "acquire.h"
#include "dependency_cache.h"
#include "lock_generation.h"
#include "trace_writer.h"

enum { CONTEXT = 7, MANY = 100000, LITTLE = 4096 /* entries: 128 KB */, WORD = sizeof(uintptr_t) };

uint32_t lock_generations[1 << LOCK_GENERATION_BITS];

static struct trace_header header;
static struct trace_witness witnesses[MANY];
static struct thread_state state;
static struct cache_entry first_cache[CACHE_FIRST_SIZE] __attribute__((aligned(64)));

struct trace_header *trace_header(void)
{
    return &header;
}

void *trace_at(uint64_t offset)
{
    return &witnesses[offset / 8];
}

static int start_empty(void **unused)
{
    (void)unused;
    memset(first_cache, 0, sizeof first_cache);
    memset(lock_generations, 0, sizeof lock_generations);
    memset(witnesses, 0, sizeof witnesses);
    header = (struct trace_header){0};
    state =
        (struct thread_state){.cache = first_cache, .cache_size = CACHE_FIRST_SIZE, .cache_mask = CACHE_MASK(CACHE_FIRST_SIZE)};
    return 0;
}

static int release(void **unused)
{
    (void)unused;
    dependency_cache_release(&state);
    return 0;
}

static uint64_t key_of_lock(uintptr_t lock)
{
    return held_chain(12345, 0x401000 * HASH_GOLDEN + lock_salt(lock));
}

/* Whether it was known. `witness`: of what it stands for. */
static bool acquire_one(uint64_t key, uint32_t witness)
{
    static const struct stack direct = {.count = 2};
    struct cache_entry *entry = dependency_cache_find(&state, key, 0);
    if (entry) {
        assert_int_equal(entry->witness, witness);
        entry->count++;
        return true;
    }
    entry = dependency_cache_insert(&state, key, 0, &direct, false);
    entry->context = CONTEXT;
    entry->witness = witness;
    dependency_cache_count_first(&state, entry);
    return false;
}

static uint64_t counted(void)
{
    dependency_cache_write_counts(&state);
    return header.acquisitions;
}

/* As a condition that has a lock of its own for each wait: nothing of it comes back. */
static void stays_small_where_locks_live_once(void **unused)
{
    (void)unused;
    for (uint32_t life = 1; life < MANY; life++) {
        assert_false(acquire_one(key_of_lock(0x5000), life));
        assert_int_equal(acquire_one(key_of_lock(0x6000), 0), life > 1);
        lock_generation_end(0x5000);
    }
    assert_true(state.cache_size <= LITTLE);
    assert_int_equal(counted(), 2 * (MANY - 1));
}

static void grows_for_locks_that_come_back(void **unused)
{
    (void)unused;
    uint32_t known = 0;
    for (unsigned round = 0; round < 6; round++) {
        known = 0;
        for (uint32_t i = 1; i < MANY; i++) {
            uint64_t key = key_of_lock(0x7f0000000000 + i * sizeof(pthread_mutex_t));
            known += acquire_one(key, i);
            assert_true(acquire_one(key, i));
        }
    }
    assert_true(known > MANY / 100 * 99);
    assert_int_equal(counted(), 12 * (MANY - 1));
    for (uint32_t i = 1; i < MANY; i++)
        assert_int_equal(witnesses[i].count, 12);
}

/* Eight of them for each place in the cache. */
static void finds_locks_of_four_bytes(void **unused)
{
    (void)unused;
    uint32_t known = 0;
    for (unsigned round = 0; round < 4; round++) {
        known = 0;
        for (uint32_t i = 0; i < 1000; i++)
            known += acquire_one(key_of_lock(0x7f0000000000 + i * 4), i + 1);
    }
    assert_int_equal(known, 1000);
    assert_true(state.cache_size <= LITTLE);
}

/* Two acquisitions on one call path have one context. When it is trusted, each is to be made anew. */
static void forgets_all_entries_of_a_trusted_context(void **unused)
{
    (void)unused;
    uintptr_t words[4] = {0, 0, 0x402000, 0};
    uintptr_t frame = (uintptr_t)words;
    struct stack stack = {.frames = {{0x401000, frame}, {0x402000, frame + 3 * WORD}}, .count = 2};
    for (uint32_t i = 0; i < 3; i++) {
        struct cache_entry *entry = dependency_cache_insert(&state, key_of_lock(0x5000 + i * 0x1000), frame, &stack, true);
        entry->context = CONTEXT;
        entry->count = 2;
    }
    dependency_cache_trust_path(&state, CONTEXT);
    assert_int_equal(header.acquisitions, 6);
    for (uint32_t i = 0; i < 3; i++) {
        uint64_t key = key_of_lock(0x5000 + i * 0x1000);
        assert_null(dependency_cache_find(&state, key, frame));
        dependency_cache_insert(&state, key, frame, &stack, false)->context = CONTEXT;
        words[2] ^= 1;
        assert_int_equal(dependency_cache_find(&state, key, frame)->context, CONTEXT);
    }
}

static void gives_the_place_of_what_is_gone_again(void **unused)
{
    (void)unused;
    uintptr_t words[4] = {0, 0, 0x402000, 0};
    uintptr_t frame = (uintptr_t)words;
    struct stack stack = {.frames = {{0x401000, frame}, {0x402000, frame + 3 * WORD}}, .count = 2};
    uint64_t key = key_of_lock(0x5000);
    struct cache_entry *entry = dependency_cache_insert(&state, key, frame, &stack, true);
    entry->context = CONTEXT;
    dependency_cache_trust_path(&state, CONTEXT);
    assert_ptr_equal(dependency_cache_insert(&state, key, frame, &stack, false), entry);
}

/* One wrapper, called from functions with frames of several sizes, through each of which two paths lead. */
static void tells_paths_apart(void **unused)
{
    enum { CALLERS = 5, OUTER = 2 };
    (void)unused;
    uint64_t key = key_of_lock(0x5000);
    uintptr_t words[16] = {0};
    uintptr_t frame = (uintptr_t)words;
    for (unsigned made = 0; made < 2; made++)
        for (unsigned caller = 0; caller < CALLERS; caller++)
            for (unsigned outer = 0; outer < OUTER; outer++) {
                uint32_t context = 1 + caller * OUTER + outer;
                memset(words, 0, sizeof words);
                words[2] = 0x402000 + caller;
                words[4 + caller] = 0x403000 + outer;
                struct stack stack = {
                    .frames = {{0x401000, frame}, {words[2], frame + 3 * WORD}, {words[4 + caller], frame + (5 + caller) * WORD}},
                    .count = 3};
                if (made)
                    assert_int_equal(dependency_cache_find(&state, key, frame)->context, context);
                else
                    assert_null(dependency_cache_find(&state, key, frame));
                if (!made)
                    dependency_cache_insert(&state, key, frame, &stack, true)->context = context;
            }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(stays_small_where_locks_live_once, start_empty, release),
        cmocka_unit_test_setup_teardown(grows_for_locks_that_come_back, start_empty, release),
        cmocka_unit_test_setup_teardown(finds_locks_of_four_bytes, start_empty, release),
        cmocka_unit_test_setup_teardown(forgets_all_entries_of_a_trusted_context, start_empty, release),
        cmocka_unit_test_setup_teardown(gives_the_place_of_what_is_gone_again, start_empty, release),
        cmocka_unit_test_setup_teardown(tells_paths_apart, start_empty, release),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
