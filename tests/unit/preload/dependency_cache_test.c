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

enum { SITES = 8, CONTEXT = 7, WORD = sizeof(uintptr_t) };

uint32_t lock_generations[1 << LOCK_GENERATION_BITS];

static struct trace_header header;
static struct trace_witness witness; /* of all entries */
static struct thread_state state;
static struct cache_entry first_cache[CACHE_FIRST_SIZE] __attribute__((aligned(64)));

struct trace_header *trace_header(void)
{
    return &header;
}

void *trace_at(uint64_t offset)
{
    (void)offset;
    return &witness;
}

static int start_empty(void **unused)
{
    (void)unused;
    memset(first_cache, 0, sizeof first_cache);
    memset(lock_generations, 0, sizeof lock_generations);
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

/* Two acquisitions on one call path have one context. When it is trusted, each of them is. */
static void trusts_all_entries_of_a_context(void **unused)
{
    (void)unused;
    uintptr_t words[4] = {0, 0, 0x402000, 0};
    uintptr_t frame = (uintptr_t)words;
    struct stack stack = {.frames = {{0x401000, frame}, {0x402000, frame + 3 * WORD}}, .count = 2};
    uint64_t keys[] = {key_of_lock(0x5000), key_of_lock(0x6000), key_of_lock(0x7000)};
    for (unsigned i = 0; i < 3; i++)
        dependency_cache_insert(&state, keys[i], frame, &stack, true)->context = CONTEXT;
    dependency_cache_trust_path(&state, CONTEXT);
    words[2] = 0x403000;
    for (unsigned i = 0; i < 3; i++) {
        struct cache_entry *entry = dependency_cache_find(&state, keys[i], frame);
        assert_non_null(entry);
        assert_int_equal(entry->context, CONTEXT);
    }
    words[2] = 0x402000;
    for (unsigned i = 0; i < 3; i++)
        assert_int_equal(dependency_cache_find(&state, keys[i], frame)->context, CONTEXT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(trusts_all_entries_of_a_context, start_empty, release),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
