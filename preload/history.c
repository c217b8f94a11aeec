#include "history_fast.h"

#include <string.h>

#include "arena.h"
#include "dependency_cache.h"
#include "hash.h"
#include "held_list.h"
#include "options.h"
#include "trace_writer.h"

enum {
    FIRST_RECORD = 512, /* bytes: a thread of few calls takes little */
    LARGEST_RECORD = 65536,
    UNITS_OF_A_CALL = (1 + TRACE_HISTORY_NUMBER_UNITS) + (1 + TRACE_HISTORY_SLOT_UNITS) + 1, /* at most */
};

/* One call, before it is written. */
struct call {
    enum trace_history_call kind;
    uint64_t object;
    uint64_t details;
    uint64_t number;
};

bool history_is_kept;

static uint16_t no_record[2]; /* of a history that could not begin: full, and nothing was called before */

uint64_t history_last_takers[1 << HISTORY_TAKER_BITS];
static uint64_t last_number;

void history_configure(void)
{
    history_is_kept = options.record_full;
    dependency_cache_salt = history_is_kept ? HISTORY_SALT : 0;
}

static void end(struct history *history)
{
    if (history->ended)
        return;
    history->ended = 1;
    history->taker = 0;
    trace_limit_count(TRACE_LIMIT_HISTORY);
}

/* Another record, with the recorder lock held. False when there is no room. */
static bool begin_record(struct thread_state *state)
{
    struct history *history = &state->history;
    uint32_t size = history->record_size ? history->record_size * 2 : FIRST_RECORD;
    history->record_size = size < LARGEST_RECORD ? size : LARGEST_RECORD;
    if (!trace_can_spare(history->record_size))
        return false;
    struct trace_history *record = trace_append(TRACE_RECORD_HISTORY, history->record_size);
    if (!record)
        return false;
    record->thread = state->thread;
    record->unit_count = (uint32_t)((history->record_size - sizeof *record) / sizeof *history->next);
    history->next = (uint16_t *)(record + 1);
    history->last = history->next + record->unit_count - UNITS_OF_A_CALL;
    history->passed = history->again = NULL;
    trace_commit();
    return true;
}

void history_begin(struct thread_state *state)
{
    if (!history_is_kept)
        return;
    struct history_slot *slots = state->history.slots;
    if (!slots)
        slots = arena_allocate(TRACE_HISTORY_SLOTS * sizeof *slots);
    else
        memset(slots, 0, TRACE_HISTORY_SLOTS * sizeof *slots);
    state->history =
        (struct history){.next = &no_record[1], .last = &no_record[0], .slots = slots, .taker = history_taker_of(state->thread)};
    if (!slots || !state->thread || !begin_record(state))
        end(&state->history);
}

static bool make_room(struct thread_state *state)
{
    int saved_errno;
    if (likely(state->history.next <= state->history.last))
        return true;
    if (!recorder_enter(&saved_errno))
        return false;
    recorder_lock();
    bool made = begin_record(state);
    recorder_unlock();
    recorder_leave(saved_errno);
    return made;
}

/* A record may be read, or the process may end, at any time: the first unit of several is written when the others are there. */
static uint16_t *put(uint16_t *place, uint16_t first, const uint64_t *words, uint32_t unit_count)
{
    for (uint32_t i = 0; i < unit_count; i++)
        place[1 + i] = (uint16_t)(words[i / 4] >> i % 4 * 16);
    __atomic_store_n(place, first, __ATOMIC_RELEASE);
    return place + 1 + unit_count;
}

static uint16_t *put_number(struct history *history, uint16_t *place, uint64_t number)
{
    uint64_t difference = number - history->number;
    history->number = number;
    if (difference < 4096)
        return put(place, TRACE_HISTORY_UNIT(TRACE_HISTORY_NUMBER, difference), NULL, 0);
    return put(place, TRACE_HISTORY_UNIT(TRACE_HISTORY_NUMBER_IS, 0), &number, TRACE_HISTORY_NUMBER_UNITS);
}

static uint16_t *put_slot(struct history_slot *slot, uint16_t *place, uint32_t index, const struct call *call)
{
    uint64_t words[] = {call->object, HELD_CONTEXT(call->details) | (uint64_t)(uint16_t)call->details << 32};
    slot->object = call->object;
    slot->details = call->details;
    return put(place, TRACE_HISTORY_UNIT(TRACE_HISTORY_SLOT, index), words, TRACE_HISTORY_SLOT_UNITS);
}

/* The last unit is the call itself: if a signal handler's call was lost meanwhile, this one is as well. */
static void put_call(struct history *history, const struct call *call)
{
    uint32_t index = history_slot_index(history_hash(call->object), call->details);
    struct history_slot *slot = &history->slots[index];
    uint16_t *place = history->next;
    if (call->number)
        place = put_number(history, place, call->number);
    if (unlikely(slot->object != call->object || slot->details != call->details))
        place = put_slot(slot, place, index, call);
    COMPILER_BARRIER();
    if (likely(!history->ended))
        history->next = put(place, TRACE_HISTORY_UNIT(call->kind, index), NULL, 0);
}

/* A process that was made behind the recorder's back writes nothing into its parent's history. */
static bool is_own_process(void)
{
    int saved_errno;
    if (likely(*recorder_process != RECORDER_IS_PARENTS))
        return true;
    if (recorder_enter(&saved_errno))
        recorder_leave(saved_errno);
    return *recorder_process != RECORDER_IS_PARENTS;
}

static bool is_recorded(const struct thread_state *state)
{
    return state->kernel_id && !__atomic_load_n(&recorder_stopped, __ATOMIC_ACQUIRE);
}

static void write(struct thread_state *state, const struct call *call)
{
    struct history *history = &state->history;
    if (unlikely(!is_recorded(state) || history->ended || !is_own_process()))
        return;
    if (history->writing) {
        end(history);
        return;
    }
    history->writing = 1;
    COMPILER_BARRIER();
    if (likely(make_room(state)))
        put_call(history, call);
    else
        end(history);
    COMPILER_BARRIER();
    history->writing = 0;
}

static uint64_t next_number(void)
{
    return __atomic_add_fetch(&last_number, 1, __ATOMIC_SEQ_CST);
}

/* 0 where nothing came in between. */
static uint64_t number_of_acquisition(const struct thread_state *state, uintptr_t lock)
{
    uint64_t taker = history_taker(&state->history, lock);
    if (likely(history_is_last_taker(taker, history_hash(lock))))
        return 0;
    __atomic_store_n(history_last_taker_of(history_hash(lock)), taker, __ATOMIC_RELAXED);
    return next_number();
}

/* 0 where no other thread asked for the lock in vain: what failed comes before. */
static uint64_t number_of_release(const struct thread_state *state, uintptr_t lock)
{
    return likely(history_is_last_taker(history_taker(&state->history, lock), history_hash(lock))) ? 0 : next_number();
}

void history_write_acquired(uintptr_t lock)
{
    struct thread_state *state = recorder_self;
    const struct held_entry *entry = held_list_find(state, lock);
    if (unlikely(!entry)) { /* it could not be entered */
        if (is_recorded(state))
            end(&state->history);
        return;
    }
    struct call call = {TRACE_HISTORY_ACQUIRED, lock, entry->details, number_of_acquisition(state, lock)};
    write(state, &call);
}

void history_write_released(uintptr_t lock)
{
    struct thread_state *state = recorder_self;
    const struct held_entry *entry = held_list_find(state, lock);
    if (unlikely(!entry))
        return;
    struct call call = {TRACE_HISTORY_RELEASED, lock, entry->details, number_of_release(state, lock)};
    write(state, &call);
}

void history_write_failed(uintptr_t lock)
{
    __atomic_store_n(history_last_taker_of(history_hash(lock)), 0,
                     __ATOMIC_RELAXED); /* so the release that comes has a number too */
    struct call call = {TRACE_HISTORY_FAILED, lock, 0, next_number()};
    write(recorder_self, &call);
}

/* The next acquisition, if the object is a lock as well, comes after this. */
void history_write_gave(const volatile void *object)
{
    struct call call = {TRACE_HISTORY_GAVE, (uintptr_t)object, 0, next_number()};
    __atomic_store_n(history_last_taker_of(history_hash((uintptr_t)object)), 0, __ATOMIC_RELAXED);
    write(recorder_self, &call);
}

void history_write_took(const volatile void *object)
{
    struct call call = {TRACE_HISTORY_TOOK, (uintptr_t)object, 0, next_number()};
    write(recorder_self, &call);
}
