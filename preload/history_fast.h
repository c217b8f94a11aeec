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

enum { HISTORY_TAKER_BITS = 14, HISTORY_ADDRESS_BITS = 47 };

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

/* 0 for a thread whose number does not fit above an address. */
static inline uint64_t history_taker_of(uint32_t thread)
{
    return thread >> (64 - HISTORY_ADDRESS_BITS) ? 0 : (uint64_t)thread << HISTORY_ADDRESS_BITS;
}

/* What stands in the place of a lock that the thread acquired last; 0 when that cannot be said. */
static always_inline uint64_t history_taker(const struct history *history, uintptr_t lock)
{
    return history->taker && lock >> HISTORY_ADDRESS_BITS == 0 ? lock | history->taker : 0;
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

/* Whether a call about this lock needs no number, and is kept. Where that cannot be said, and after the end of a history, nothing
 * equals what is compared: words that say who acquired a lock have a thread in them. To be asked last: a signal handler may have
 * ended the history just now. */
static always_inline bool history_is_short(const struct history *history, uintptr_t lock, uint64_t hash)
{
    COMPILER_BARRIER();
    return __atomic_load_n(history_last_taker_of(hash), __ATOMIC_RELAXED) == (lock | history->taker) &&
           *recorder_process == RECORDER_AT_WORK;
}

/* The unit says that its call has been made, so it is written last. */
static always_inline bool history_put(struct history *history, unsigned call, uintptr_t lock, uint64_t hash, uint64_t details)
{
    uint32_t index = history_slot_index(hash, details);
    uint16_t *next = history->next;
    if (unlikely(next > history->last || !history_is_slot_of(&history->slots[index], lock, details) ||
                 !history_is_short(history, lock, hash)))
        return false;
    __atomic_store_n(next, TRACE_HISTORY_UNIT(call, index), __ATOMIC_RELEASE);
    history->next = next + 1;
    return true;
}

/* Where the call before was the acquisition, and the same was done again and again before that: once more. */
static always_inline bool history_put_repeated(struct history *history, uintptr_t lock, uint64_t hash)
{
    uint16_t *acquired = history->next - 1, *again = acquired - 1;
    if (again != history->again || lock != history->repeated || *again == TRACE_HISTORY_UNIT(TRACE_HISTORY_AGAIN, 4095) ||
        *acquired != *history->passed + TRACE_HISTORY_ACQUIRED - TRACE_HISTORY_PASSED || !history_is_short(history, lock, hash))
        return false;
    __atomic_store_n(acquired, 0, __ATOMIC_RELEASE);
    __atomic_store_n(again, *again + TRACE_HISTORY_UNIT(0, 1), __ATOMIC_RELEASE);
    history->next = acquired;
    return true;
}

/* Where the call before was the acquisition: the two of them are one unit; and where the same was done just before that, it
 * counts from here on. */
static inline bool history_put_passed(struct history *history, uintptr_t lock, uint64_t hash, uint64_t details)
{
    uint16_t *acquired = history->next - 1;
    uint32_t index = TRACE_HISTORY_OPERAND(*acquired);
    if (TRACE_HISTORY_CALL(*acquired) != TRACE_HISTORY_ACQUIRED || !history_is_slot_of(&history->slots[index], lock, details) ||
        !history_is_short(history, lock, hash))
        return false;
    if (history->passed == acquired - 1 && *history->passed == TRACE_HISTORY_UNIT(TRACE_HISTORY_PASSED, index)) {
        __atomic_store_n(acquired, TRACE_HISTORY_UNIT(TRACE_HISTORY_AGAIN, 1), __ATOMIC_RELEASE);
        history->again = acquired;
        history->repeated = lock;
    } else {
        __atomic_store_n(acquired, TRACE_HISTORY_UNIT(TRACE_HISTORY_PASSED, index), __ATOMIC_RELEASE);
        history->passed = acquired;
        history->again = NULL;
    }
    return true;
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

/* A signal handler that comes while `writing` is set ends the history, so nothing that was read changes meanwhile. False when the
 * call is not written. */
#define HISTORY_WRITE(history, put)                                                                                              \
    do {                                                                                                                         \
        if (unlikely((history)->writing))                                                                                        \
            return false;                                                                                                        \
        (history)->writing = 1;                                                                                                  \
        COMPILER_BARRIER();                                                                                                      \
        bool is_put = (put);                                                                                                     \
        COMPILER_BARRIER();                                                                                                      \
        (history)->writing = 0;                                                                                                  \
        return is_put;                                                                                                           \
    } while (0)

/* The lock at the top of the held list was acquired just now. False when that takes more than a unit: history_write_acquired. */
static always_inline bool history_acquired_fast(struct thread_state *state, uintptr_t lock)
{
    struct history *history = &state->history;
    uint64_t hash = history_hash(lock);
    HISTORY_WRITE(history, history_put(history, TRACE_HISTORY_ACQUIRED, lock, hash, state->top->details));
}

/* The lock at the top of the held list, which is in the history, is about to be released. False: history_write_released. */
static always_inline bool history_released_fast(struct thread_state *state, uintptr_t lock)
{
    struct history *history = &state->history;
    uint64_t hash = history_hash(lock);
    uint64_t details = state->top->details;
    HISTORY_WRITE(history, history_put_repeated(history, lock, hash) || history_put_passed(history, lock, hash, details) ||
                               history_put(history, TRACE_HISTORY_RELEASED, lock, hash, details));
}

static always_inline bool history_is_top(const struct thread_state *state, uintptr_t lock)
{
    return state->top->lock == (lock | HELD_IN_HISTORY);
}

#endif
