/* The held list: order, growth, and chains that tell held sets apart. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "acquire.h"
#include "held_list.h"

uint32_t lock_generations[1 << LOCK_GENERATION_BITS];

static struct thread_state state;
static struct held_entry first_room[1 + HELD_FIRST_ROOM];

static int start_empty(void **unused)
{
    (void)unused;
    memset(first_room, 0, sizeof first_room);
    first_room[0].lock = HELD_BOTTOM;
    state = (struct thread_state){.held = first_room, .top = first_room, .held_last = first_room + HELD_FIRST_ROOM};
    held_list_set_root(&state, 1);
    return 0;
}

static int release(void **unused)
{
    (void)unused;
    state.held = state.top = first_room;
    return 0;
}

/* As acquire_fast does it, at one call site. Returns the key of the acquisition. */
static uint64_t acquire_at_one_site(uintptr_t lock)
{
    uint64_t site = acquire_site(ATTEMPT_BLOCKING, 0x401000, 0x7ffc0000);
    uint64_t chain = held_chain(state.top->chain, site + lock_salt(lock));
    uint64_t key = acquire_key(&state, site, chain);
    assert_true(held_list_make_room(&state));
    held_list_push(&state, (struct held_entry){.lock = lock, .chain = chain, .frame = 0x7ffc0000, .details = HELD_DETAILS(1, 1)});
    return key;
}

static int compare_words(const void *left, const void *right)
{
    uint64_t a = *(const uint64_t *)left, b = *(const uint64_t *)right;
    return a < b ? -1 : a > b;
}

static void keys_of_a_lock_taken_again_and_again_differ(void **unused)
{
    (void)unused;
    enum { DEPTH = 4000 };
    static uint64_t keys[DEPTH];
    for (unsigned i = 0; i < DEPTH; i++)
        keys[i] = acquire_at_one_site(0x5000);
    qsort(keys, DEPTH, sizeof keys[0], compare_words);
    for (unsigned i = 1; i < DEPTH; i++)
        assert_int_not_equal(keys[i - 1], keys[i]);
}

static void keys_tell_orders_lives_and_segments_apart(void **unused)
{
    (void)unused;
    acquire_at_one_site(0x5000);
    uint64_t key = acquire_at_one_site(0x6000);
    start_empty(NULL);
    acquire_at_one_site(0x6000);
    assert_int_not_equal(acquire_at_one_site(0x5000), key);
    start_empty(NULL);
    held_list_set_root(&state, 2);
    acquire_at_one_site(0x5000);
    assert_int_not_equal(acquire_at_one_site(0x6000), key);
    start_empty(NULL);
    lock_generation_end(0x5000);
    acquire_at_one_site(0x5000);
    assert_int_not_equal(acquire_at_one_site(0x6000), key);
}

static void removal_keeps_the_order(void **unused)
{
    (void)unused;
    for (uintptr_t lock = 0x1000; lock <= 0x5000; lock += 0x1000)
        acquire_at_one_site(lock);
    held_list_remove(&state, held_list_find(&state, 0x2000));
    held_list_remove(&state, held_list_find(&state, 0x5000));
    assert_null(held_list_find(&state, 0x2000));
    const uintptr_t left[] = {0x1000, 0x3000, 0x4000};
    assert_int_equal(state.top - state.held, 3);
    for (unsigned i = 0; i < 3; i++)
        assert_int_equal(state.held[i + 1].lock, left[i]);
}

/* A handler that locks and unlocks where a push was about to write leaves nothing there that could be taken for a lock. */
static void a_place_that_was_given_back_has_no_lock(void **unused)
{
    (void)unused;
    acquire_at_one_site(0x1000);
    acquire_at_one_site(0x2000);
    assert_true(release_fast(&state, 0x2000));
    assert_false(held_entry_is_whole(state.top + 1));
    assert_true(held_entry_is_whole(state.top));
    held_list_remove(&state, held_list_find(&state, 0x1000));
    assert_false(held_entry_is_whole(state.top + 1));
    assert_int_equal(state.top->lock, HELD_BOTTOM);
}

static void grows_up_to_its_limit_and_no_further(void **unused)
{
    (void)unused;
    unsigned pushed = 0;
    while (held_list_make_room(&state) && pushed < 100000) {
        acquire_at_one_site(0x1000 + 64 * pushed);
        pushed++;
    }
    assert_in_range(pushed, LOCKORDER_TRACE_MAX_HELD, 3 * LOCKORDER_TRACE_MAX_HELD);
    for (unsigned i = 0; i < pushed; i++)
        assert_int_equal(state.held[i + 1].lock, 0x1000 + 64 * i);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(keys_of_a_lock_taken_again_and_again_differ, start_empty, release),
        cmocka_unit_test_setup_teardown(keys_tell_orders_lives_and_segments_apart, start_empty, release),
        cmocka_unit_test_setup_teardown(removal_keeps_the_order, start_empty, release),
        cmocka_unit_test_setup_teardown(a_place_that_was_given_back_has_no_lock, start_empty, release),
        cmocka_unit_test_setup_teardown(grows_up_to_its_limit_and_no_further, start_empty, release),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
