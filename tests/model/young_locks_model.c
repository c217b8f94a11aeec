/* Young locks: each that is added is there until exactly one takes it out, whoever else comes to the same set meanwhile. */
#include <stdlib.h>

#include "atomic_steps.h"

#include "young_locks.c"

enum { FIRST = 0x10000, SECOND = FIRST + 8 /* of the same granule, so of the same set */, CONTEXT = 7 };

static unsigned taken;
static bool second_is_there;

static void reset(void)
{
    young_forget_all();
    taken = 0;
    second_is_there = false;
    uint64_t *set = young_set(FIRST);
    set[0] = (uint64_t)FIRST >> 2 << YOUNG_CONTEXT_BITS | CONTEXT;
    *young_page(FIRST) = YOUNG_PATIENCE;
}

/* Nothing is there, and the page is about to be found empty. */
static void reset_page(void)
{
    young_forget_all();
    second_is_there = false;
    *young_page(FIRST) = 1;
}

static void take(void)
{
    uint32_t context = 0;
    if (!young_take(FIRST, &context))
        return;
    taken++;
    if (context != CONTEXT)
        model_fail("another context was taken");
}

static void add_second(void)
{
    second_is_there = young_add(SECOND, CONTEXT + 1);
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

/* Clears the word that it has looked at, whatever is there by now. */
static void take_without_looking_again(void)
{
    uint64_t *place = young_find(FIRST);
    if (!place)
        return;
    __atomic_store_n(place, 0, __ATOMIC_RELAXED);
    taken++;
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
    if (is_in_set(FIRST) || taken > 1)
        return "the first one is still there, or was taken twice";
    return second_is_there != is_in_set(SECOND) ? "the second one was lost" : NULL;
}

static const char *page_wrong(void)
{
    return second_is_there && !*young_page(SECOND) ? "the page of a lock that is there says that it has none" : NULL;
}

int main(void)
{
    const struct model models[] = {
        {"two take one out, a third adds another", reset, {take, take, add_second}, 3, 6, wrong, false},
        {"one takes it out, its block ends, a third adds another", reset, {take, end_block, add_second}, 3, 5, wrong, false},
        {"a block of the page ends, another thread adds a lock to it",
         reset_page,
         {end_other_block, add_second},
         2,
         2,
         page_wrong,
         false},
        {"the page is looked at too early", reset_page, {end_other_block_too_late, add_second}, 2, 2, page_wrong, true},
        {"two do not look again", reset, {take_without_looking_again, take_without_looking_again, add_second}, 3, 3, wrong, true},
    };
    bool hold = true;
    for (unsigned i = 0; i < sizeof models / sizeof models[0]; i++)
        hold &= model_holds(&models[i]);
    return hold ? EXIT_SUCCESS : EXIT_FAILURE;
}
