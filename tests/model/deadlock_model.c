/* Deadlocks as they happen: of threads that close a circle, exactly one tells of it, whichever comes last; and none does of
 * threads that get past each other. With locks entered before they are taken, as on the fast path. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "atomic_steps.h"

/* In place of raw_system_call.h: all threads live, and all memory is there. */
#define LOCKORDER_PRELOAD_RAW_SYSTEM_CALL_H

#include <errno.h>
#include <stddef.h>
#include <sys/syscall.h>

static bool memory_is_readable(uintptr_t address)
{
    return address != 0;
}

static long raw_system_call(long number, long a, long b, long c, long d, long e, long f)
{
    (void)number, (void)a, (void)b, (void)c, (void)d, (void)e, (void)f;
    return 0;
}

#include "recorder.h"

static struct thread_state states[MODEL_MOST_ACTORS];

#define recorder_self (&states[model_actor()])

#include "held_list.h"

#include "deadlock.c"

enum { ROOM = 4 };

/* One lock, of one of the two kinds. */
struct lock {
    pthread_mutex_t mutex;
    pthread_spinlock_t spin;
    uint32_t taken; /* what the threads wait at */
};

static struct held_entry held[MODEL_MOST_ACTORS][ROOM];
static struct lock locks[MODEL_MOST_ACTORS];
static enum trace_lock_kind kind;
static unsigned threads, circle, told;

/* --- What deadlock.c needs of the others --- */

static uint32_t recorder_lock_word;

void recorder_lock(void)
{
    while (__atomic_exchange_n(&recorder_lock_word, 1, __ATOMIC_ACQUIRE))
        model_wait(&recorder_lock_word, 1);
}

void recorder_unlock(void)
{
    __atomic_store_n(&recorder_lock_word, 0, __ATOMIC_RELEASE);
    model_wake(&recorder_lock_word, MODEL_MOST_ACTORS);
}

struct thread_state *thread_state_after(const struct thread_state *state)
{
    model_step();
    struct thread_state *next = state ? (struct thread_state *)(uintptr_t)state + 1 : states;
    return next < states + threads ? next : NULL;
}

struct thread_state *thread_state_by_kernel_id(pid_t kernel_id)
{
    return &states[kernel_id - 1];
}

struct known_lock *lock_table_identify(const struct lock_use *use)
{
    static struct known_lock known[MODEL_MOST_ACTORS];
    return &known[use->address % MODEL_MOST_ACTORS];
}

bool event_write(enum trace_event_kind event, uint32_t detail, const struct trace_event_step *steps, uint32_t step_count)
{
    (void)event, (void)detail, (void)steps;
    if (step_count != circle)
        model_fail("told of another circle");
    told++;
    return true;
}

struct trace_header *trace_header(void)
{
    static struct trace_header header = {.deadlocks = 1};
    return &header;
}

/* --- The locks --- */

static uintptr_t address_of(const struct lock *lock)
{
    return kind == TRACE_LOCK_SPIN ? (uintptr_t)&lock->spin : (uintptr_t)&lock->mutex;
}

static bool is_locked(const struct lock *lock)
{
    return __atomic_load_n(&lock->taken, __ATOMIC_RELAXED) != 0;
}

/* As the C library does: it waits, and the owner comes after the lock. */
static void real_lock(struct lock *lock)
{
    while (__atomic_exchange_n(&lock->taken, 1, __ATOMIC_ACQUIRE))
        model_wait(&lock->taken, 1);
    if (kind == TRACE_LOCK_MUTEX)
        __atomic_store_n(&lock->mutex.__data.__owner, recorder_self->kernel_id, __ATOMIC_RELAXED);
}

static void real_unlock(struct lock *lock)
{
    if (kind == TRACE_LOCK_MUTEX)
        __atomic_store_n(&lock->mutex.__data.__owner, 0, __ATOMIC_RELAXED);
    __atomic_store_n(&lock->taken, 0, __ATOMIC_RELEASE);
    model_wake(&lock->taken, 1);
}

/* --- The recorder, as far as these threads use it --- */

static void enter(const struct lock *lock)
{
    struct held_entry entry = {.lock = address_of(lock),
                               .details = HELD_DETAILS(1, HELD_KIND_AND_MODE(kind, TRACE_MODE_EXCLUSIVE))};
    held_list_push(recorder_self, entry);
    model_step();
}

static void look_for_deadlock(void)
{
    if (!deadlock_is_possible(recorder_self))
        return;
    recorder_lock();
    deadlock_find(recorder_self);
    recorder_unlock();
}

static void wait_for(struct lock *lock)
{
    struct wait wait = {.kind = TRACE_WAIT_LOCK,
                        .context = 1,
                        .address = address_of(lock),
                        .kind_and_mode = HELD_KIND_AND_MODE(kind, TRACE_MODE_EXCLUSIVE)};
    wait_publish(recorder_self, wait);
    look_for_deadlock();
    real_lock(lock);
    wait_withdraw(recorder_self, (struct wait){0});
}

static void acquire_lock(unsigned number)
{
    struct lock *lock = &locks[number];
    enter(lock);
    if (is_locked(lock))
        wait_for(lock);
    else
        real_lock(lock);
}

/* Looks first. */
static void acquire_too_late(unsigned number)
{
    struct lock *lock = &locks[number];
    bool was_locked = is_locked(lock);
    if (was_locked) {
        enter(lock);
        wait_for(lock);
    } else {
        real_lock(lock);
        enter(lock);
    }
}

static void release_lock(unsigned number)
{
    held_list_pop(recorder_self);
    model_step();
    real_unlock(&locks[number]);
}

/* --- The threads: each takes its own lock and the next one's --- */

static void take_two(unsigned first, unsigned second, void (*take)(unsigned))
{
    take(first);
    take(second);
    release_lock(second);
    release_lock(first);
}

static void go_round(void)
{
    take_two(model_actor(), (model_actor() + 1) % threads, acquire_lock);
}

static void go_round_too_late(void)
{
    take_two(model_actor(), (model_actor() + 1) % threads, acquire_too_late);
}

/* All in one order, so that the last thread comes round no more; and once again. */
static void go_straight(void)
{
    for (unsigned i = 0; i < 2; i++)
        take_two(0, 1, acquire_lock);
}

static void take_forward(void)
{
    take_two(0, 1, acquire_lock);
}

static void take_backward(void)
{
    take_two(1, 0, acquire_lock);
}

/* Wants what one of the others has, and is in nobody's way. */
static void take_one(void)
{
    acquire_lock(0);
    release_lock(0);
}

static void reset(enum trace_lock_kind of_kind, unsigned of_threads)
{
    kind = of_kind;
    threads = circle = of_threads;
    told = recorder_lock_word = 0;
    memset(states, 0, sizeof states);
    memset(held, 0, sizeof held);
    memset(locks, 0, sizeof locks);
    for (unsigned i = 0; i < threads; i++) {
        held[i]->lock = HELD_BOTTOM;
        states[i].held = states[i].top = held[i];
        states[i].kernel_id = (pid_t)i + 1;
    }
}

static void two_mutexes(void)
{
    reset(TRACE_LOCK_MUTEX, 2);
}

static void two_spinlocks(void)
{
    reset(TRACE_LOCK_SPIN, 2);
}

static void three_mutexes(void)
{
    reset(TRACE_LOCK_MUTEX, 3);
}

static void three_spinlocks(void)
{
    reset(TRACE_LOCK_SPIN, 3);
}

static void third_mutex(void)
{
    reset(TRACE_LOCK_MUTEX, 3);
    circle = 2;
}

static void third_spinlock(void)
{
    reset(TRACE_LOCK_SPIN, 3);
    circle = 2;
}

static const char *told_of_nothing(void)
{
    return told ? "told, and they got past each other" : NULL;
}

static const char *told_once(void)
{
    return told == 1 ? NULL : told ? "told more than once" : "not told";
}

int main(void)
{
    const struct model models[] = {
        {"two mutexes", two_mutexes, {go_round, go_round}, 2, 4, told_of_nothing, told_once, false},
        {"two spinlocks", two_spinlocks, {go_round, go_round}, 2, 4, told_of_nothing, told_once, false},
        {"three mutexes", three_mutexes, {go_round, go_round, go_round}, 3, 2, told_of_nothing, told_once, false},
        {"three spinlocks", three_spinlocks, {go_round, go_round, go_round}, 3, 2, told_of_nothing, told_once, false},
        {"two mutexes, and a third thread",
         third_mutex,
         {take_one, take_forward, take_backward},
         3,
         2,
         told_of_nothing,
         told_once,
         false},
        {"two spinlocks, and a third thread",
         third_spinlock,
         {take_one, take_forward, take_backward},
         3,
         2,
         told_of_nothing,
         told_once,
         false},
        {"mutexes in one order", two_mutexes, {go_straight, go_straight}, 2, 3, told_of_nothing, NULL, false},
        {"spinlocks in one order", two_spinlocks, {go_straight, go_straight}, 2, 3, told_of_nothing, NULL, false},
        {"mutexes entered too late", two_mutexes, {go_round_too_late, go_round_too_late}, 2, 2, told_of_nothing, told_once, true},
        {"spinlocks entered too late",
         two_spinlocks,
         {go_round_too_late, go_round_too_late},
         2,
         2,
         told_of_nothing,
         told_once,
         true},
    };
    bool hold_all = true;
    for (unsigned i = 0; i < sizeof models / sizeof models[0]; i++)
        hold_all &= model_holds(&models[i]);
    return hold_all ? EXIT_SUCCESS : EXIT_FAILURE;
}
