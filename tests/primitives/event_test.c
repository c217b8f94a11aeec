/* Events and latches. */
#include "primitive_test.h"

#include <lockorder/event.h>
#include <lockorder/latch.h>

static void an_event_stays_set(void **state)
{
    (void)state;
    struct lockorder_event event;
    struct lockorder_limit limit = soon();
    assert_int_equal(lockorder_event_init(&event, "event"), 0);
    assert_false(lockorder_event_is_set(&event));
    assert_int_equal(lockorder_event_wait_within(&event, &limit), ETIMEDOUT);
    lockorder_event_set(&event);
    lockorder_event_set(&event);
    assert_true(lockorder_event_is_set(&event));
    assert_int_equal(lockorder_event_wait(&event), 0);
    assert_int_equal(lockorder_event_wait_within(&event, &limit), 0);
    lockorder_event_clear(&event);
    assert_false(lockorder_event_is_set(&event));
    assert_int_equal(lockorder_event_destroy(&event), 0);
}

struct ping_pong {
    struct lockorder_event ping;
    struct lockorder_event pong;
    long ball;
};

static void *answer(void *argument)
{
    struct ping_pong *game = argument;
    for (int i = 0; i < rounds(3000); i++) {
        struct lockorder_limit limit = far();
        require(lockorder_event_wait_within(&game->ping, i % 2 ? &limit : NULL) == 0);
        lockorder_event_clear(&game->ping);
        game->ball++;
        lockorder_event_set(&game->pong);
    }
    return NULL;
}

static void events_hand_over(void **state)
{
    (void)state;
    struct ping_pong game = {.ball = 0};
    lockorder_event_init(&game.ping, NULL);
    lockorder_event_init(&game.pong, NULL);
    pthread_t thread = start(answer, &game);
    for (int i = 0; i < rounds(3000); i++) {
        assert_int_equal(game.ball, i);
        lockorder_event_set(&game.ping);
        lockorder_event_wait(&game.pong);
        lockorder_event_clear(&game.pong);
    }
    join(thread);
    assert_int_equal(lockorder_event_destroy(&game.ping), 0);
    assert_int_equal(lockorder_event_destroy(&game.pong), 0);
}

static void *set_it(void *argument)
{
    lockorder_event_set(argument);
    return NULL;
}

/* Who was woken may destroy the event while the other is still in the call that set it. */
static void an_event_may_be_destroyed_by_whom_it_woke(void **state)
{
    (void)state;
    for (int i = 0; i < rounds(300); i++) {
        struct lockorder_event *event = malloc(sizeof *event);
        lockorder_event_init(event, NULL);
        pthread_t thread = start(set_it, event);
        lockorder_event_wait(event);
        assert_int_equal(lockorder_event_destroy(event), 0);
        free(event);
        join(thread);
    }
}

static void *wait_for_event(void *argument)
{
    require(lockorder_event_wait(argument) == 0);
    return NULL;
}

/* Looks inside, since no call tells how many wait. */
static unsigned waiting(pthread_mutex_t *mutex, const struct lockorder_wait_list *list)
{
    pthread_mutex_lock(mutex);
    unsigned length = list->length;
    pthread_mutex_unlock(mutex);
    return length;
}

static void what_is_waited_for_is_busy(void **state)
{
    (void)state;
    struct lockorder_event event;
    lockorder_event_init(&event, NULL);
    pthread_t threads[3];
    for (int i = 0; i < 3; i++)
        threads[i] = start(wait_for_event, &event);
    require_soon(waiting(&event.mutex, &event.waiting) == 3);
    assert_int_equal(lockorder_event_destroy(&event), EBUSY);
    lockorder_event_set(&event);
    for (int i = 0; i < 3; i++)
        join(threads[i]);
    assert_int_equal(lockorder_event_destroy(&event), 0);
}

static void a_latch_opens_at_zero(void **state)
{
    (void)state;
    struct lockorder_latch latch;
    struct lockorder_limit limit = soon();
    assert_int_equal(lockorder_latch_init(&latch, 2, "latch"), 0);
    assert_int_equal(lockorder_latch_wait_within(&latch, &limit), ETIMEDOUT);
    assert_int_equal(lockorder_latch_count_down(&latch), 0);
    assert_int_equal(lockorder_latch_reset(&latch, 5), EBUSY);
    assert_int_equal(lockorder_latch_count(&latch), 1);
    assert_int_equal(lockorder_latch_count_down(&latch), 0);
    assert_int_equal(lockorder_latch_count_down(&latch), EINVAL);
    assert_int_equal(lockorder_latch_wait(&latch), 0);
    assert_int_equal(lockorder_latch_reset(&latch, 1), 0);
    assert_int_equal(lockorder_latch_count(&latch), 1);
    assert_int_equal(lockorder_latch_destroy(&latch), 0);
}

struct race {
    struct lockorder_latch ready;
    struct lockorder_event go;
    int started;
};

static void *run_race(void *argument)
{
    struct race *race = argument;
    require(lockorder_latch_count_down(&race->ready) == 0);
    require(lockorder_event_wait(&race->go) == 0);
    __atomic_fetch_add(&race->started, 1, __ATOMIC_RELAXED);
    return NULL;
}

static void a_latch_waits_for_all(void **state)
{
    (void)state;
    for (int round = 0; round < rounds(100); round++) {
        struct race race = {.started = 0};
        pthread_t runners[4];
        lockorder_latch_init(&race.ready, 4, "ready");
        lockorder_event_init(&race.go, "go");
        for (int i = 0; i < 4; i++)
            runners[i] = start(run_race, &race);
        assert_int_equal(lockorder_latch_wait(&race.ready), 0);
        assert_int_equal(__atomic_load_n(&race.started, __ATOMIC_RELAXED), 0);
        lockorder_event_set(&race.go);
        for (int i = 0; i < 4; i++)
            join(runners[i]);
        assert_int_equal(lockorder_latch_destroy(&race.ready), 0);
        assert_int_equal(lockorder_event_destroy(&race.go), 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_event_stays_set),
        cmocka_unit_test(events_hand_over),
        cmocka_unit_test(an_event_may_be_destroyed_by_whom_it_woke),
        cmocka_unit_test(what_is_waited_for_is_busy),
        cmocka_unit_test(a_latch_opens_at_zero),
        cmocka_unit_test(a_latch_waits_for_all),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
