/* Livelocks: what is told of two threads that give way to each other belongs together, while both go on, and begin anew with
 * other locks. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "atomic_steps.h"

#include "livelock.c"

enum {
    THREADS = 2,
    LOCKS = 3,
    TRIES = 3,
    SO_FAR = 6 /* no time to look by itself, until more have failed */,
    FIRST_LOCK = 0x1000,
    LOCK_SIZE = 8,
    FIRST_CONTEXT = 100
};

static struct thread_state states[THREADS];
static struct held_entry held[THREADS][3];
static struct known_lock known[LOCKS];
static unsigned long told; /* in all schedules */

/* --- What livelock.c needs of the others --- */

bool recorder_enter(int *saved_errno)
{
    *saved_errno = 0;
    return true;
}

void recorder_leave(int saved_errno)
{
    (void)saved_errno;
}

void recorder_lock(void)
{
}

void recorder_unlock(void)
{
}

uint64_t dependency_cache_total(const struct thread_state *state)
{
    (void)state;
    return 0;
}

uint64_t acquire_count(const struct acquisition *acquisition)
{
    (void)acquisition;
    return 0;
}

/* Each lock is tried at a place of its own. */
uint32_t acquire_context(struct thread_state *state, uintptr_t return_address, uintptr_t frame)
{
    (void)state, (void)frame;
    return (uint32_t)return_address;
}

struct thread_state *thread_state_after(const struct thread_state *state)
{
    return !state ? &states[0] : state == &states[0] ? &states[1] : NULL;
}

struct known_lock *lock_table_identify(const struct lock_use *use)
{
    return &known[(use->address - FIRST_LOCK) / LOCK_SIZE];
}

bool event_write(enum trace_event_kind kind, uint32_t detail, const struct trace_event_step *steps, uint32_t step_count)
{
    (void)kind, (void)detail, (void)step_count;
    told++;
    if (steps->wants_context != FIRST_CONTEXT + steps->wants || steps->holds_context != FIRST_CONTEXT + steps->holds)
        model_fail("a place belongs to another lock, or to none");
    return true;
}

/* --- The threads --- */

static void hold(unsigned thread, unsigned lock)
{
    states[thread].top = &held[thread][1];
    held[thread][1].lock = FIRST_LOCK + lock * LOCK_SIZE;
}

static void reset(void)
{
    memset(states, 0, sizeof states);
    memset(held, 0, sizeof held);
    for (unsigned thread = 0; thread < THREADS; thread++) {
        states[thread].thread = thread + 1;
        states[thread].held = held[thread];
        hold(thread, thread);
        states[thread].retreat = (struct retreat){.wanted = FIRST_LOCK + !thread * LOCK_SIZE,
                                                  .held = FIRST_LOCK + thread * LOCK_SIZE,
                                                  .in_a_row = SO_FAR,
                                                  .context = FIRST_CONTEXT + !thread};
    }
    for (unsigned lock = 0; lock < LOCKS; lock++)
        known[lock].id = lock;
}

static void fail_to_get(unsigned thread, unsigned lock, unsigned tries)
{
    struct acquisition acquisition = {.lock = FIRST_LOCK + lock * LOCK_SIZE, .return_address = FIRST_CONTEXT + lock};
    for (unsigned i = 0; i < tries; i++)
        livelock_try_failed(&states[thread], &acquisition);
}

static void looks_around(void)
{
    for (unsigned i = 0; i < TRIES; i++)
        look(&states[0]);
}

static void goes_on(void)
{
    fail_to_get(1, 0, TRIES);
}

/* After one more failure; and back, failing as often again. */
static void turns_to_another(void)
{
    fail_to_get(1, 0, 1);
    fail_to_get(1, 2, SO_FAR);
    fail_to_get(1, 0, SO_FAR);
}

/* Uses the fields where they stand, after having looked at them. */
static void tells_what_is_there(void)
{
    const struct retreat *others = &states[1].retreat;
    if (is_the_other_way_round(&states[0].retreat, others)) {
        model_step();
        write_event((struct side){&states[0], &states[0].retreat}, (struct side){&states[1], others});
    }
}

int main(void)
{
    const struct model models[] = {
        {"one looks, the other goes on", reset, {looks_around, goes_on}, 2, 8, NULL, NULL, false},
        {"one looks, the other turns to another lock and back", reset, {looks_around, turns_to_another}, 2, 4, NULL, NULL, false},
        {"one tells what it sees, field by field", reset, {tells_what_is_there, turns_to_another}, 2, 2, NULL, NULL, true},
    };
    bool hold_all = true;
    for (unsigned i = 0; i < sizeof models / sizeof models[0]; i++)
        hold_all &= model_holds(&models[i]);
    printf("told %lu times\n", told);
    return hold_all && told != 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
