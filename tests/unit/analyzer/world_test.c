#include "unit_test.h"

#include "allocate.h"
#include "world.h"

static void element_0_is_a_dummy(void **state)
{
    (void)state;
    struct world *world = world_new();
    assert_int_equal(world->lock_count, 1);
    assert_int_equal(world->dependency_count, 1);
    assert_int_equal(world->locks[0].kind, 0);
    assert_int_equal(world_add_lock(world).index, 1);
    world_free(world);
}

static void added_elements_are_zeroed_and_keep_their_place(void **state)
{
    (void)state;
    struct world *world = world_new();
    for (uint32_t i = 1; i <= 1000; i++) {
        struct thread_id id = world_add_thread(world);
        assert_int_equal(id.index, i);
        assert_int_equal(world->threads[i].number, 0);
        world->threads[i].number = i;
    }
    for (uint32_t i = 1; i <= 1000; i++)
        assert_int_equal(world->threads[i].number, i);
    world_free(world);
}

static void add_context(struct world *world)
{
    struct context_id id = world_add_context(world);
    world->contexts[id.index].frames = allocate_zeroed(3, sizeof(struct frame));
}

/* Going back to any size, and growing again from there. */
static void a_world_restored_grows_as_before(void **state)
{
    (void)state;
    for (uint32_t kept = 0; kept < 20; kept++) {
        struct world *world = world_new();
        for (uint32_t i = 0; i < kept; i++)
            add_context(world);
        struct world earlier = *world;
        for (uint32_t i = 0; i < 40; i++)
            add_context(world);
        world_restore(world, &earlier);
        assert_int_equal(world->context_count, kept + 1);
        for (uint32_t i = 0; i < 40; i++)
            add_context(world);
        assert_int_equal(world->context_count, kept + 41);
        world_free(world);
    }
}

static void nothing_is_freed_as_nothing(void **state)
{
    (void)state;
    world_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(element_0_is_a_dummy),
        cmocka_unit_test(added_elements_are_zeroed_and_keep_their_place),
        cmocka_unit_test(a_world_restored_grows_as_before),
        cmocka_unit_test(nothing_is_freed_as_nothing),
    };
    return cmocka_run_group_tests_name("world", tests, NULL, NULL);
}
