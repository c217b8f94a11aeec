/* What each acquisition and release pays where a history is kept, when nothing is new about it: history.h says what is written.
 * The look-ups of the ordinary fast path find nothing then, so their slow ways come here first. */
#ifndef LOCKORDER_PRELOAD_HISTORY_FAST_H
#define LOCKORDER_PRELOAD_HISTORY_FAST_H

#include "acquire.h"
#include "history.h"

/* What a slot stands for. */
struct history_slot {
    uint64_t object;
    uint64_t details; /* HELD_DETAILS; 0 for what is not held */
};

enum { HISTORY_TAKER_BITS = 14, HISTORY_THREAD_BITS = 17 /* what an address leaves of 64 bits */ };

#define HISTORY_SALT HASH_PRIME /* in all keys of the cache */

/* Who acquired a lock last: by lock, both in one word, or 0. A lock that was last this thread's own needs no number, since
 * nothing of other threads came in between. Locks share places; sharing costs a number. */
extern uint64_t history_last_takers[1 << HISTORY_TAKER_BITS] __attribute__((visibility("hidden")));

/* Of a lock, or another object: what all look-ups begin with. */
static always_inline uint64_t history_hash(uint64_t object)
{
    return object * HASH_GOLDEN;
}

static always_inline uint64_t *history_last_taker_of(uint64_t hash)
{
    return &history_last_takers[hash >> (64 - HISTORY_TAKER_BITS)];
}

static always_inline uint64_t history_taker(const struct thread_state *state, uintptr_t lock)
{
    bool fits = state->thread < 1U << HISTORY_THREAD_BITS && lock >> (64 - HISTORY_THREAD_BITS) == 0;
    return fits ? (uint64_t)lock << HISTORY_THREAD_BITS | state->thread : 0;
}

/* Nobody else had the lock since this thread had it, nor failed to get it. */
static always_inline bool history_is_last_taker(uint64_t taker, uint64_t hash)
{
    return taker && __atomic_load_n(history_last_taker_of(hash), __ATOMIC_RELAXED) == taker;
}

static always_inline uint32_t history_slot_index(uint64_t hash, uint64_t details)
{
    return (uint32_t)(hash >> 32 ^ details >> 32) % TRACE_HISTORY_SLOTS;
}

static always_inline bool history_is_slot_of(const struct history_slot *slot, uintptr_t lock, uint64_t details)
{
    return slot->object == lock && slot->details == details;
}

/* Whether a call about this lock may write a unit, and needs no number. Only of threads whose ids and locks fit into a taker:
 * others find 0 there. */
static always_inline bool history_is_short(const struct thread_state *state, uintptr_t lock, uint64_t hash)
{
    const struct history *history = &state->history;
    uint64_t taker = (uint64_t)lock << HISTORY_THREAD_BITS | state->thread;
    return !(history->writing | history->ended) && __atomic_load_n(history_last_taker_of(hash), __ATOMIC_RELAXED) == taker &&
           !recorder_stopped && *recorder_same_process;
}

/* The unit says that its call has been made, so it is written last. */
static always_inline void history_put(struct history *history, unsigned call, uint32_t operand)
{
    __atomic_store_n(history->next, TRACE_HISTORY_UNIT(call, operand), __ATOMIC_RELEASE);
    history->next++;
}

/* The call before was the acquisition: the two of them are one unit, and where the same was done just before, that only counts.
 */
static always_inline void history_put_passed(struct history *history, uint32_t index)
{
    uint16_t *acquired = history->next - 1, *passed = history->passed;
    bool repeats = passed && *passed == TRACE_HISTORY_UNIT(TRACE_HISTORY_PASSED, index);
    bool counts = TRACE_HISTORY_CALL(acquired[-1]) == TRACE_HISTORY_AGAIN && TRACE_HISTORY_OPERAND(acquired[-1]) < 4095;
    if (repeats && passed == acquired - 1) {
        __atomic_store_n(acquired, TRACE_HISTORY_UNIT(TRACE_HISTORY_AGAIN, 1), __ATOMIC_RELEASE);
    } else if (repeats && passed == acquired - 2 && counts) {
        __atomic_store_n(acquired, 0, __ATOMIC_RELEASE);
        __atomic_store_n(acquired - 1, acquired[-1] + (1 << 4), __ATOMIC_RELEASE);
        history->next = acquired;
    } else {
        __atomic_store_n(acquired, TRACE_HISTORY_UNIT(TRACE_HISTORY_PASSED, index), __ATOMIC_RELEASE);
        history->passed = acquired;
    }
}

/* As acquire_fast, which has not found it. For mutexes. */
static always_inline bool history_acquire_fast(struct thread_state *state, uintptr_t lock, uint32_t kind_and_mode,
                                               uintptr_t return_address, uintptr_t frame, struct acquire_sought sought)
{
    struct cache_entry *entry = acquire_look_up(state, sought.key ^ HISTORY_SALT);
    if (unlikely(!entry))
        return false;
    check_known(state, (&(const struct acquisition){lock, kind_and_mode, ATTEMPT_BLOCKING, return_address, frame}), entry);
    acquire_enter(state, entry, lock, HELD_IN_HISTORY, kind_and_mode, frame, sought.chain);
    return true;
}

/* Writes a unit for the call, if a unit is all that it takes. */
static always_inline bool history_put_fast(struct thread_state *state, unsigned call, uintptr_t lock, uint64_t hash)
{
    struct history *history = &state->history;
    uint64_t details = state->top->details;
    uint32_t index = history_slot_index(hash, details);
    if (unlikely(history->next > history->last || !history_is_slot_of(&history->slots[index], lock, details)))
        return false;
    history->writing = 1;
    COMPILER_BARRIER();
    history_put(history, call, index);
    COMPILER_BARRIER();
    history->writing = 0;
    return true;
}

/* The lock at the top of the held list was acquired just now. */
static always_inline void history_acquired_fast(struct thread_state *state, uintptr_t lock)
{
    uint64_t hash = history_hash(lock);
    if (unlikely(!history_is_short(state, lock, hash) || !history_put_fast(state, TRACE_HISTORY_ACQUIRED, lock, hash)))
        history_write_acquired(lock);
}

/* If the call before was the acquisition. */
static always_inline bool history_passed_fast(struct thread_state *state, uintptr_t lock)
{
    struct history *history = &state->history;
    uint16_t before = history->next[-1];
    uint32_t index = TRACE_HISTORY_OPERAND(before);
    if (TRACE_HISTORY_CALL(before) != TRACE_HISTORY_ACQUIRED ||
        !history_is_slot_of(&history->slots[index], lock, state->top->details))
        return false;
    history->writing = 1;
    COMPILER_BARRIER();
    history_put_passed(history, index);
    COMPILER_BARRIER();
    history->writing = 0;
    return true;
}

/* True when the lock was the one acquired last, which is then no longer held. */
static always_inline bool history_release_fast(struct thread_state *state, uintptr_t lock)
{
    uint64_t hash = history_hash(lock);
    if (state->top->lock != (lock | HELD_IN_HISTORY))
        return false;
    if (unlikely(!history_is_short(state, lock, hash)) ||
        (!history_passed_fast(state, lock) && !history_put_fast(state, TRACE_HISTORY_RELEASED, lock, hash)))
        history_write_released(lock);
    held_list_pop(state);
    return true;
}

#endif
