/* Held sets that differ have chains that differ, also where the locks lie side by side in one region of memory. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>

#include "held_list.h"

enum {
    REGION = 1 << LOCK_REGION_BITS,
    MUTEX = 40,
    SPINLOCK = 4,
    IN_A_REGION = REGION / MUTEX,
    SITE = 12345,
    DEEPEST = 8,
    SETS = 3000000
};

uint32_t lock_generations[1 << LOCK_GENERATION_BITS];

struct chains {
    uint64_t *all;
    size_t count, room;
};

static uint64_t with(uint64_t below, unsigned mutex)
{
    return held_chain(below, SITE * HASH_GOLDEN + lock_salt(0x7f0000010000 + mutex * MUTEX));
}

static void add(struct chains *chains, uint64_t chain)
{
    if (chains->count == chains->room) {
        chains->room = chains->room ? chains->room * 2 : 1024;
        chains->all = realloc(chains->all, chains->room * sizeof *chains->all);
        assert_non_null(chains->all);
    }
    chains->all[chains->count++] = chain;
}

/* All ways to hold `depth` more of the mutexes, none twice. */
static void add_all(struct chains *chains, uint64_t below, unsigned mutexes, unsigned depth, uint64_t held)
{
    add(chains, below);
    for (unsigned mutex = 0; depth > 0 && mutex < mutexes; mutex++) {
        if (mutexes > 64 || !(held >> mutex & 1))
            add_all(chains, with(below, mutex), mutexes, depth - 1, held | (uint64_t)1 << mutex % 64);
    }
}

static int compare(const void *left, const void *right)
{
    const uint64_t *a = left, *b = right;
    return (*a > *b) - (*a < *b);
}

static void assert_differ(struct chains *chains)
{
    qsort(chains->all, chains->count, sizeof *chains->all, compare);
    for (size_t i = 1; i < chains->count; i++)
        assert_true(chains->all[i - 1] != chains->all[i]);
    free(chains->all);
}

static void assert_all_differ(unsigned mutexes, unsigned depth)
{
    struct chains chains = {0};
    add_all(&chains, 7 * HASH_GOLDEN, mutexes, depth, 0);
    assert_differ(&chains);
}

static void test_region_of_mutexes(void **state)
{
    (void)state;
    assert_all_differ(100, 3);
    assert_all_differ(IN_A_REGION, 2);
}

/* As many as no program has, of the smallest locks: two of them may be one set, so each has a number in its outermost lock. */
static void test_sets_of_spinlocks(void **state)
{
    struct chains chains = {0};
    uint64_t random = 1;
    (void)state;
    for (unsigned i = 0; i < SETS; i++) {
        uint64_t chain = held_chain(7 * HASH_GOLDEN, i * HASH_PRIME);
        for (unsigned depth = 0; depth < DEEPEST; depth++) {
            random = random * 6364136223846793005U + 1442695040888963407U;
            chain = held_chain(chain,
                               SITE * HASH_GOLDEN + lock_salt(0x7f0000010000 + (random >> 40) % (REGION / SPINLOCK) * SPINLOCK));
        }
        add(&chains, chain);
    }
    assert_differ(&chains);
}

static void test_deep_sets(void **state)
{
    (void)state;
    assert_all_differ(DEEPEST + 1, DEEPEST);
    assert_all_differ(16, 5);
}

/* One lock is taken under each of OUTER ones that lie side by side, with some others always between: how many of its keys have no
 * place where the fast path looks, in a cache with room for four times as many. */
static unsigned count_crowded(unsigned between)
{
    enum { OUTER = 64, SETS_OF_CACHE = 2 * OUTER, SET = 2 * sizeof(struct cache_entry), FIRST_BETWEEN = 1000 };
    unsigned used[SETS_OF_CACHE] = {0}, crowded = 0;
    for (unsigned outer = 0; outer < OUTER; outer++) {
        uint64_t key = with(7 * HASH_GOLDEN, outer);
        for (unsigned i = 0; i <= between; i++)
            key = with(key, FIRST_BETWEEN + i);
        uintptr_t place = (uintptr_t)cache_place(NULL, CACHE_MASK(2 * SETS_OF_CACHE), key);
        crowded += ++used[place / SET] > 2;
    }
    return crowded;
}

static void test_places_of_a_lock_under_many(void **state)
{
    (void)state;
    for (unsigned between = 0; between < 2; between++)
        assert_in_range(count_crowded(between), 0, 8);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_region_of_mutexes), cmocka_unit_test(test_sets_of_spinlocks),
                                       cmocka_unit_test(test_deep_sets), cmocka_unit_test(test_places_of_a_lock_under_many)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
