/* Young locks: each that begins is there until it is taken out, whoever else comes to the same set meanwhile; and as long as it
 * is there, its page says so. */
#include <stdlib.h>

#include "atomic_steps.h"

#include "lock_pages.c"
#include "young_locks.c"

/* Of one granule, so of one set. */
enum { FIRST = 0x10000, SECOND = FIRST + 8, THIRD = FIRST + 16, CONTEXT = 7 };

static bool second_is_there, third_is_there;

static uint64_t word_of(uintptr_t address)
{
    return (uint64_t)address >> 2 << YOUNG_CONTEXT_BITS | CONTEXT;
}

static void reset(void)
{
    young_forget_all();
    lock_pages_forget_all();
    second_is_there = third_is_there = false;
    young_set(FIRST)[0] = word_of(FIRST);
    *young_page(FIRST) = YOUNG_PATIENCE;
}

/* Nothing is there, and the page is about to be found empty. */
static void reset_page(void)
{
    young_forget_all();
    lock_pages_forget_all();
    second_is_there = third_is_there = false;
    *young_page(FIRST) = 1;
}

static void take(void)
{
    uint32_t context = 0;
    if (!young_take(FIRST, &context) || context != CONTEXT)
        model_fail("it was not there, or with another context");
}

static void begin_again(void)
{
    uint32_t context;
    if (!young_begin(FIRST, CONTEXT + 1) || !young_take(FIRST, &context) || context != CONTEXT + 1)
        model_fail("it did not begin again");
}

static void begin_second(void)
{
    second_is_there = young_begin(SECOND, CONTEXT);
}

static void begin_third(void)
{
    third_is_there = young_begin(THIRD, CONTEXT);
}

/* Writes to the place that it has found free, whatever is there by now. */
static void begin_without_looking_again(void)
{
    uint64_t *set = young_set(THIRD);
    for (unsigned i = 0; i < YOUNG_PLACES && !third_is_there; i++)
        if (!__atomic_load_n(&set[i], __ATOMIC_RELAXED)) {
            __atomic_store_n(&set[i], word_of(THIRD), __ATOMIC_RELAXED);
            third_is_there = true;
        }
}

/* Of the same page; there was no lock in it. */
static void end_other_block(void)
{
    young_end_in(FIRST + 1024, 8);
}

/* Looks first, and then writes. */
static void end_other_block_too_late(void)
{
    if (!has_any(FIRST, FIRST + PAGE))
        __atomic_store_n(young_page(FIRST), 0, __ATOMIC_RELAXED);
}

static void end_block(void)
{
    young_end_in(FIRST, 8);
}

static bool is_in_set(uintptr_t address)
{
    const uint64_t *set = young_set(address);
    for (unsigned i = 0; i < YOUNG_PLACES; i++)
        if (set[i] && young_address(set[i]) == address)
            return true;
    return false;
}

static const char *wrong(void)
{
    if (is_in_set(FIRST))
        return "the first one is still there";
    return second_is_there != is_in_set(SECOND) || third_is_there != is_in_set(THIRD) ? "another one was lost" : NULL;
}

static const char *page_wrong(void)
{
    return second_is_there && !*young_page(SECOND) ? "the page of a lock that is there says that it has none" : NULL;
}

int main(void)
{
    const struct model models[] = {
        {"one is taken out, two others begin", reset, {take, begin_second, begin_third}, 3, 4, wrong, NULL, false},
        {"one begins again and ends, two others begin", reset, {begin_again, begin_second, begin_third}, 3, 3, wrong, NULL, false},
        {"the block of one ends, two others begin", reset, {end_block, begin_second, begin_third}, 3, 3, wrong, NULL, false},
        {"a block of the page ends, a lock begins in it", reset_page, {end_other_block, begin_second}, 2, 2, page_wrong, NULL, false},
        {"the page is looked at too early", reset_page, {end_other_block_too_late, begin_second}, 2, 2, page_wrong, NULL, true},
        {"one does not look again", reset, {take, begin_second, begin_without_looking_again}, 3, 3, wrong, NULL, true},
    };
    bool hold = true;
    for (unsigned i = 0; i < sizeof models / sizeof models[0]; i++)
        hold &= model_holds(&models[i]);
    return hold ? EXIT_SUCCESS : EXIT_FAILURE;
}
