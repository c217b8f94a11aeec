#include "wait.h"

#include <errno.h>
#include <time.h>

#include "call_site.h"
#include "contention.h"
#include "context.h"
#include "deadlock.h"
#include "event.h"
#include "hash.h"
#include "hash_index.h"
#include "livelock.h"
#include "lock_table.h"
#include "mutex_type.h"
#include "published_wait.h"
#include "thread_state.h"
#include "trace_writer.h"

static struct hash_index fallbacks; /* call sites of tries that are followed by a wait */

/* 0 where there is no clock: another library may stand before it, or a filter of system calls, where it is one. */
static uint64_t now(void)
{
    struct timespec time = {0, 0};
    int saved_errno = errno;
    if (clock_gettime(CLOCK_MONOTONIC, &time) != 0) {
        errno = saved_errno;
        return 0;
    }
    return (uint64_t)time.tv_sec * 1000000000U + (uint64_t)time.tv_nsec;
}

static struct trace_wait *record_of(struct thread_state *state)
{
    if (state->wait_record)
        return trace_at(state->wait_record);
    recorder_lock();
    struct trace_wait *record = state->thread ? trace_append(TRACE_RECORD_WAIT, sizeof *record) : NULL;
    if (record) {
        record->thread = state->thread;
        state->wait_record = trace_offset(record);
        trace_commit();
    }
    recorder_unlock();
    return record;
}

static uint16_t flags_of(const struct wait *wait)
{
    uint32_t flags = wait->gives_up ? TRACE_WAIT_GIVES_UP : 0;
    if (wait->kind == TRACE_WAIT_LOCK && HELD_KIND(wait->kind_and_mode) == TRACE_LOCK_MUTEX &&
        mutex_flags((const pthread_mutex_t *)wait->address) & TRACE_LOCK_PROCESS_SHARED)
        flags |= TRACE_WAIT_PROCESS_SHARED;
    return (uint16_t)flags;
}

/* For who reads the trace while the thread waits. */
static void write_record(struct thread_state *state, const struct wait *wait, const void *address)
{
    struct trace_wait *record = record_of(state);
    if (!record)
        return;
    __atomic_store_n(&record->since, 0, __ATOMIC_RELEASE);
    record->kind = (uint16_t)wait->kind;
    record->flags = flags_of(wait);
    record->address = (uint64_t)address;
    record->object = wait->joined ? wait->joined->thread : 0;
    record->context = wait->context;
    __atomic_store_n(&record->since, wait->since, __ATOMIC_RELEASE);
}

static void look_for_deadlock(struct thread_state *state)
{
    if (state->wait.gives_up || !deadlock_is_possible(state))
        return;
    recorder_lock();
    uint32_t number = deadlock_find(state);
    recorder_unlock();
    if (number)
        event_tell_deadlock(number);
}

/* Whether the function that made the try is among those that make the wait: the same call of it, or a loop around both. */
static bool is_on_the_way(struct thread_state *state, uintptr_t return_address, uint32_t context)
{
    enum { NEAR = 4 };
    uintptr_t function = unwind_function_start(return_address);
    context_read_back(context, &state->stack);
    for (uint32_t i = 0; function && i < state->stack.count && i < NEAR; i++)
        if (unwind_function_start(state->stack.frames[i].address) == function)
            return true;
    return false;
}

/* Nothing was locked or unlocked since, and the same code waits: else the program gave up, and came back for other reasons. */
static void note_fallback(struct thread_state *state, const struct wait *wait, uint64_t chain)
{
    uintptr_t return_address = state->failed_try_return_address;
    state->failed_try = 0;
    if (state->failed_try_chain != chain || !wait->context)
        return;
    recorder_lock();
    if (!hash_index_find(&fallbacks, return_address * HASH_GOLDEN) && is_on_the_way(state, return_address, wait->context)) {
        struct stack tried = {.frames = {{return_address, 0}}, .count = 1, .cut = true};
        uint32_t tried_at = context_intern(&tried);
        struct trace_try_fallback *record = tried_at ? trace_append(TRACE_RECORD_TRY_FALLBACK, sizeof *record) : NULL;
        if (record && hash_index_insert(&fallbacks, return_address * HASH_GOLDEN, 1)) {
            record->tried_at = tried_at;
            record->waits_at = wait->context;
            trace_commit();
        }
    }
    recorder_unlock();
}

static uint32_t context_of_top(const struct thread_state *state, uintptr_t lock)
{
    return HELD_LOCK(state->top) == lock ? HELD_CONTEXT(state->top->details) : 0;
}

static void begins_for_lock(struct thread_state *state)
{
    int saved_errno;
    if (!recorder_enter(&saved_errno))
        return;
    if (state->failed_try == state->wait.address) {
        bool entered = HELD_LOCK(state->top) == state->wait.address;
        note_fallback(state, &state->wait, state->top[entered ? -1 : 0].chain);
    }
    write_record(state, &state->wait, (const void *)state->wait.address);
    look_for_deadlock(state);
    recorder_leave(saved_errno);
}

static struct thread_state *own_state(void)
{
    int saved_errno;
    if (recorder_self->kernel_id || !recorder_enter(&saved_errno))
        return recorder_self;
    acquire_thread_state();
    recorder_leave(saved_errno);
    return recorder_self;
}

struct wait wait_begins_for_lock(const struct acquisition *acquisition, bool entered)
{
    struct thread_state *state = own_state();
    if (!state->kernel_id)
        return (struct wait){0};
    struct wait former = state->wait;
    if (!entered)
        acquire(acquisition); /* before the wait is told of: then the last entry for the lock stands for the wait */
    struct wait wait = {.kind = TRACE_WAIT_LOCK,
                        .gives_up = acquisition->attempt == ATTEMPT_TIMED,
                        .context = context_of_top(state, acquisition->lock),
                        .address = acquisition->lock,
                        .kind_and_mode = acquisition->kind_and_mode,
                        .since = now()};
    contention_begins(&wait);
    livelock_waits(state, wait.address);
    wait_publish(state, wait);
    begins_for_lock(state);
    return former;
}

/* The thread may begin at any moment. */
static void wait_for_joined(struct thread_state *state, struct thread_join *join)
{
    recorder_lock();
    join->joiner = state;
    state->wait.joined = join->joined;
    recorder_unlock();
}

static struct wait begins(struct wait wait, const void *address, struct thread_join *join, uintptr_t return_address,
                          uintptr_t frame)
{
    int saved_errno;
    struct thread_state *state = own_state();
    if (!state->kernel_id || !recorder_enter(&saved_errno))
        return (struct wait){0};
    struct wait former = state->wait;
    wait.since = now();
    if (return_address) {
        acquire_drop_returned_calls(state, return_address, frame);
        wait.context = acquire_context(state, return_address, frame);
    }
    wait_publish(state, wait);
    if (join)
        wait_for_joined(state, join);
    if (wait.kind == TRACE_WAIT_SEMAPHORE && state->failed_try == (uintptr_t)address)
        note_fallback(state, &state->wait, state->top->chain);
    write_record(state, &state->wait, address);
    if (wait.kind == TRACE_WAIT_JOIN)
        look_for_deadlock(state);
    recorder_leave(saved_errno);
    return former;
}

struct wait wait_begins_for_thread(struct thread_join *join, bool timed, uintptr_t return_address, uintptr_t frame)
{
    return begins((struct wait){.kind = TRACE_WAIT_JOIN, .gives_up = timed}, NULL, join, return_address, frame);
}

struct wait wait_begins_at(enum trace_wait_kind kind, const void *address, uintptr_t return_address, uintptr_t frame)
{
    return begins((struct wait){.kind = kind}, address, NULL, return_address, frame);
}

struct wait wait_begins_at_condition(const void *condition, uintptr_t mutex, bool timed, uint32_t context)
{
    struct wait wait = {.kind = TRACE_WAIT_CONDITION,
                        .gives_up = timed,
                        .address = mutex,
                        .condition = condition,
                        .context = context,
                        .kind_and_mode = HELD_KIND_AND_MODE(TRACE_LOCK_MUTEX, TRACE_MODE_EXCLUSIVE)};
    return begins(wait, condition, NULL, 0, 0);
}

void wait_ends(struct wait former)
{
    struct thread_state *state = recorder_self;
    if (!state->kernel_id)
        return;
    struct wait ended = state->wait;
    wait_withdraw(state, former);
    if (__atomic_load_n(&recorder_stopped, __ATOMIC_ACQUIRE))
        return;
    if (state->wait_record)
        __atomic_store_n(&((struct trace_wait *)trace_at(state->wait_record))->since, 0, __ATOMIC_RELEASE);
    if (ended.kind == TRACE_WAIT_LOCK)
        contention_ends(state, &ended, now());
}

void wait_try_failed(const struct acquisition *acquisition)
{
    struct thread_state *state = recorder_self;
    if (!state->kernel_id)
        return;
    state->failed_try = acquisition->lock;
    state->failed_try_return_address = acquisition->return_address;
    state->failed_try_chain = state->top->chain;
    livelock_try_failed(state, acquisition);
}

void wait_forget_all(void)
{
    hash_index_abandon(&fallbacks);
}
