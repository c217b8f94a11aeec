#include "symbols/range_index.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

#include <cmocka.h>

static void nothing_is_found_in_an_empty_index(void **state)
{
    (void)state;
    struct range_index index = {0};
    range_index_finish(&index);
    assert_null(range_index_find(&index, 0));
}

static void ends_are_exclusive(void **state)
{
    (void)state;
    struct range_index index = {0};
    range_index_add(&index, (struct range){.start = 10, .end = 20, .number = 7});
    range_index_add(&index, (struct range){.start = 30, .end = 30, .number = 8});
    range_index_finish(&index);
    assert_null(range_index_find(&index, 9));
    assert_int_equal(range_index_find(&index, 10)->number, 7);
    assert_int_equal(range_index_find(&index, 19)->number, 7);
    assert_null(range_index_find(&index, 20));
    assert_null(range_index_find(&index, 30));
    range_index_clear(&index);
}

static void of_equal_starts_the_preferred_one_is_found(void **state)
{
    (void)state;
    struct range_index index = {0};
    range_index_add(&index, (struct range){.start = 10, .end = 20, .number = 1, .preference = 2});
    range_index_add(&index, (struct range){.start = 10, .end = 20, .number = 2, .preference = 1});
    range_index_add(&index, (struct range){.start = 10, .end = 20, .number = 3, .preference = 2});
    range_index_finish(&index);
    assert_int_equal(range_index_find(&index, 15)->number, 1);
    range_index_clear(&index);
}

/* Judge: of the ranges around the address, the one that starts last. */
static uint64_t last_start_around(const struct range *ranges, size_t count, uint64_t address, bool *found)
{
    uint64_t start = 0;
    *found = false;
    for (size_t i = 0; i < count; i++) {
        if (ranges[i].start <= address && address < ranges[i].end && (!*found || ranges[i].start > start)) {
            start = ranges[i].start;
            *found = true;
        }
    }
    return start;
}

static void random_ranges_agree_with_a_linear_search(void **state)
{
    (void)state;
    unsigned short seed[3] = {1, 2, 3};
    for (unsigned round = 0; round < 300; round++) {
        struct range ranges[24];
        struct range_index index = {0};
        for (size_t i = 0; i < 24; i++) {
            uint64_t start = (uint64_t)nrand48(seed) % 100;
            ranges[i] = (struct range){.start = start, .end = start + (uint64_t)nrand48(seed) % 30, .number = i};
            range_index_add(&index, ranges[i]);
        }
        range_index_finish(&index);
        for (uint64_t address = 0; address < 140; address++) {
            bool expected;
            uint64_t start = last_start_around(ranges, 24, address, &expected);
            const struct range *found = range_index_find(&index, address);
            assert_int_equal(found != NULL, expected);
            if (expected)
                assert_int_equal(found->start, start);
        }
        range_index_clear(&index);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_is_found_in_an_empty_index),
        cmocka_unit_test(ends_are_exclusive),
        cmocka_unit_test(of_equal_starts_the_preferred_one_is_found),
        cmocka_unit_test(random_ranges_agree_with_a_linear_search),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) == 0 ? 0 : 1;
}
