#include "acquire.h"

#include "call_site.h"
#include "context.h"
#include "dependency.h"
#include "dependency_cache.h"
#include "epoch.h"
#include "hazard.h"
#include "history.h"
#include "lock_table.h"
#include "mutex_type.h"
#include "thread_state.h"
#include "trace_writer.h"
#include "unwind.h"

/* Unwinds, records, and remembers: the slowest of the slow. */
static struct cache_entry *record(struct thread_state *state, const struct acquisition *acquisition, uint64_t key)
{
    struct stack *stack = &state->stack;
    unwind(state, acquisition->frame, acquisition->return_address, stack);
    recorder_lock();
    uint32_t context = context_intern(stack);
    uint32_t witness = dependency_record(state, acquisition, context, stack);
    hazard_acquired(state, acquisition, context, stack);
    bool checks_path = call_site_of(acquisition->return_address) != CALL_SITE_DIRECT;
    struct cache_entry *entry = dependency_cache_insert(state, key, acquisition->frame, stack, checks_path);
    entry->context = context;
    entry->witness = witness;
    if (acquisition->attempt != ATTEMPT_NONE && acquisition->attempt != ATTEMPT_REACQUIRE)
        dependency_cache_count_first(state, entry);
    if ((stack->handler || stack->cut) && !dependency_holds_all(state))
        dependency_cache_drop(entry);
    recorder_unlock();
    return entry;
}

static struct acquire_sought sought_by(const struct thread_state *state, const struct acquisition *acquisition)
{
    return acquire_seek(state, acquisition->lock, acquisition->attempt, acquisition->return_address, acquisition->frame);
}

static uint64_t key_of(const struct thread_state *state, const struct acquisition *acquisition)
{
    return sought_by(state, acquisition).key;
}

static struct held_entry held_entry_of(const struct acquisition *acquisition, uint64_t chain, const struct cache_entry *entry)
{
    return (struct held_entry){.lock = acquisition->lock | (history_is_kept ? HELD_IN_HISTORY : 0),
                               .chain = chain + call_path_salt(entry),
                               .frame = acquisition->frame,
                               .details = HELD_DETAILS(entry->context, acquisition->kind_and_mode)};
}

static void push(struct thread_state *state, const struct acquisition *acquisition, const struct cache_entry *entry)
{
    recorder_lock();
    bool unclassified = call_site_of(acquisition->return_address) == CALL_SITE_UNKNOWN;
    recorder_unlock();
    struct held_entry held = held_entry_of(acquisition, sought_by(state, acquisition).chain, entry);
    held.lock |= unclassified ? HELD_UNCLASSIFIED : 0;
    held_list_push(state, held);
}

bool acquire_known(const struct acquisition *acquisition)
{
    struct thread_state *state = recorder_self;
    struct acquire_sought sought = sought_by(state, acquisition);
    struct cache_entry *entry = dependency_cache_find(state, sought.key, acquisition->frame);
    if (!entry)
        return false;
    check_known(state, acquisition, entry);
    entry->count++;
    held_list_push(state, held_entry_of(acquisition, sought.chain, entry));
    return true;
}

uint64_t acquire_count(const struct acquisition *acquisition)
{
    struct thread_state *state = recorder_self;
    const struct cache_entry *entry = dependency_cache_find(state, key_of(state, acquisition), acquisition->frame);
    return entry ? entry->count + 1 : 0; /* the first one is in the trace already */
}

struct thread_state *acquire_thread_state(void)
{
    struct thread_state *state = recorder_self;
    if (likely(state->kernel_id)) /* a state of its own */
        return state;
    recorder_lock();
    state = thread_state_current();
    recorder_unlock();
    return state;
}

/* Semaphores that turned out to be no locks after this thread had waited for them. */
static void drop_signals(struct thread_state *state)
{
    for (struct held_entry *entry = state->top; entry > state->held; entry--)
        if (held_entry_is_whole(entry) && HELD_KIND(entry->details) == TRACE_LOCK_SEMAPHORE &&
            lock_table_is_signal(HELD_LOCK(entry)))
            held_list_remove(state, entry);
}

/* Mutexes that others have unlocked, be they threads, or modules that call the C library past us. A signal handler may have
 * interrupted the thread just before it got the mutex: it leaves the list alone. Whether any was dropped. */
static bool drop_unlocked(struct thread_state *state, const struct acquisition *acquisition)
{
    bool dropped = false;
    for (struct held_entry *entry = state->top; entry > state->held; entry--) {
        if (!held_entry_is_whole(entry) || HELD_KIND(entry->details) != TRACE_LOCK_MUTEX ||
            mutex_is_locked_by((pthread_mutex_t *)HELD_LOCK(entry), state))
            continue;
        if (!dropped)
            unwind(state, acquisition->frame, acquisition->return_address, &state->stack);
        if (state->stack.handler)
            return false;
        held_list_remove(state, entry);
        dropped = true;
    }
    return dropped;
}

void acquire_drop_returned_calls(struct thread_state *state, uintptr_t return_address, uintptr_t frame)
{
    bool unwound = false;
    for (struct held_entry *entry = state->top; entry > state->held; entry--) {
        bool is_call = HELD_KIND(entry->details) == TRACE_LOCK_LOADER || HELD_KIND(entry->details) == TRACE_LOCK_ONCE;
        if (!is_call || !held_entry_is_whole(entry))
            continue;
        if (!unwound)
            unwind(state, frame, return_address, &state->stack);
        unwound = true;
        recorder_lock();
        uintptr_t called_at = context_innermost(HELD_CONTEXT(entry->details));
        recorder_unlock();
        if (!stack_has_call(&state->stack, called_at, entry->frame))
            held_list_remove(state, entry);
    }
}

void acquire_slow(const struct acquisition *acquisition)
{
    int saved_errno;
    if (!recorder_enter(&saved_errno))
        return;
    struct thread_state *state = acquire_thread_state();
    if (state && held_list_make_room(state)) {
        epoch_follow(state);
        drop_signals(state);
        acquire_drop_returned_calls(state, acquisition->return_address, acquisition->frame);
        uint64_t key = key_of(state, acquisition);
        struct cache_entry *entry = dependency_cache_find(state, key, acquisition->frame);
        if (!entry && drop_unlocked(state, acquisition)) {
            key = key_of(state, acquisition);
            entry = dependency_cache_find(state, key, acquisition->frame);
        }
        if (entry)
            entry->count++;
        else
            entry = record(state, acquisition, key);
        push(state, acquisition, entry);
    } else {
        trace_limit_count(TRACE_LIMIT_HELD);
    }
    recorder_leave(saved_errno);
}

static void classify(struct thread_state *state, const struct held_entry *entry, uintptr_t return_address, uintptr_t frame)
{
    recorder_lock();
    uintptr_t acquired = context_innermost(HELD_CONTEXT(entry->details));
    if (acquired && call_site_classify(acquired, entry->frame, return_address, frame) == CALL_SITE_DIRECT)
        dependency_cache_trust_path(state, HELD_CONTEXT(entry->details));
    recorder_unlock();
}

/* A signal handler that locks passes the recorder meanwhile. */
static void remove_undisturbed(struct thread_state *state, struct held_entry *entry)
{
    recorder_depth = 1;
    COMPILER_BARRIER();
    held_list_remove(state, entry);
    COMPILER_BARRIER();
    recorder_depth = 0;
}

void release_slow(uintptr_t lock, uintptr_t return_address, uintptr_t frame)
{
    int saved_errno;
    struct thread_state *state = recorder_self;
    history_released(lock);
    if (release_fast(state, lock | HELD_IN_HISTORY))
        return;
    struct held_entry *entry = held_list_find(state, lock);
    if (entry && !(entry->lock & HELD_UNCLASSIFIED) && !recorder_depth) {
        remove_undisturbed(state, entry);
        return;
    }
    if (!entry || !recorder_enter(&saved_errno))
        return;
    if (HELD_CONTEXT(entry->details))
        classify(state, entry, return_address, frame);
    held_list_remove(state, entry);
    recorder_leave(saved_errno);
}

void acquire_failed(uintptr_t lock)
{
    struct thread_state *state = recorder_self;
    struct held_entry *entry = held_list_find(state, lock);
    if (entry)
        held_list_remove(state, entry);
}

static struct cache_entry *record_wait(struct thread_state *state, const struct acquisition *acquisition, uint64_t key,
                                       bool timed)
{
    struct cache_entry *entry = record(state, acquisition, key);
    if (!timed && !held_list_is_empty(state)) {
        recorder_lock();
        hazard_waits_at_condition(state, acquisition->lock, entry->context, &state->stack);
        recorder_unlock();
    }
    return entry;
}

/* The context of a condition wait that is known, with the mutex acquired last, which is then no longer held; else 0. */
static uint32_t context_of_known_wait(struct thread_state *state, const struct acquisition *acquisition)
{
    struct held_entry last = *state->top;
    if (HELD_LOCK(&last) != acquisition->lock)
        return 0;
    held_list_pop(state);
    const struct cache_entry *known = dependency_cache_find(state, key_of(state, acquisition), acquisition->frame);
    if (known)
        return known->context;
    held_list_push(state, last);
    return 0;
}

bool acquire_before_condition_wait(const struct acquisition *acquisition, bool timed, uint32_t *context)
{
    int saved_errno;
    struct thread_state *state = recorder_self;
    if (!held_list_find(state, acquisition->lock))
        return false;
    history_released(acquisition->lock);
    *context = context_of_known_wait(state, acquisition);
    if (!*context && recorder_enter(&saved_errno)) {
        epoch_follow(state);
        acquire_drop_returned_calls(state, acquisition->return_address, acquisition->frame);
        held_list_remove(state, held_list_find(state, acquisition->lock));
        uint64_t key = key_of(state, acquisition);
        const struct cache_entry *known = dependency_cache_find(state, key, acquisition->frame);
        *context = (known ? known : record_wait(state, acquisition, key, timed))->context;
        recorder_leave(saved_errno);
    }
    return true;
}

uint32_t acquire_known_context(uintptr_t return_address, uintptr_t frame)
{
    const struct cache_entry *entry = dependency_cache_find(recorder_self, acquire_key_of_call(return_address, frame), frame);
    return entry ? entry->context : 0;
}

uint32_t acquire_context(struct thread_state *state, uintptr_t return_address, uintptr_t frame)
{
    uint64_t key = acquire_key_of_call(return_address, frame);
    struct cache_entry *entry = dependency_cache_find(state, key, frame);
    if (!entry) {
        struct acquisition call = {.attempt = ATTEMPT_NONE, .return_address = return_address, .frame = frame};
        entry = record(state, &call, key);
    }
    return entry->context;
}
