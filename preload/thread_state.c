#include "thread_state.h"

#include <errno.h>
#include <stddef.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#include "arena.h"
#include "contention.h"
#include "dependency_cache.h"
#include "epoch.h"
#include "hash.h"
#include "held_list.h"
#include "history.h"
#include "misuse.h"
#include "mutex_type.h"
#include "raw_system_call.h"
#include "real.h"
#include "trace_writer.h"

/* A state with its first held list and cache. */
struct thread_block {
    struct thread_state state;
    struct held_entry held[1 + HELD_FIRST_ROOM];
    struct cache_entry cache[CACHE_FIRST_SIZE] __attribute__((aligned(64)));
};

/* The constant state of a thread that has none of its own: nothing is held, every look-up misses. */
static struct held_entry nothing_held[1] = {{.lock = HELD_BOTTOM}};
static struct cache_entry nothing_known[2] __attribute__((aligned(64)));
static struct thread_state no_state = {
    .top = nothing_held,
    .held = nothing_held,
    .held_last = nothing_held,
    .cache = nothing_known,
    .cache_mask = CACHE_MASK(2),
    .cache_size = 2,
};

__thread struct thread_state *recorder_self = &no_state;

enum { STATE_BUCKET_BITS = 8, STATE_BUCKETS = 1 << STATE_BUCKET_BITS };

#define FOR_EACH_STATE(state)                                                                                                    \
    for (struct thread_state *state = NULL; (state = thread_state_after(state));)

static struct thread_state *states[STATE_BUCKETS]; /* by handle */
static struct thread_state *by_kernel_id[STATE_BUCKETS];
static struct thread_state *free_states;
static struct thread_join *joins_of_unbegun;
static uint32_t last_thread, last_segment;

/* As the C library knows it. */
static pid_t kernel_id_by_mutex(void)
{
    pthread_mutex_t own = PTHREAD_MUTEX_INITIALIZER;
    real.pthread_mutex_lock(&own);
    pid_t owner = mutex_owner(&own);
    real.pthread_mutex_unlock(&own);
    return owner;
}

static pid_t kernel_thread_id(void)
{
    long id = raw_system_call(SYS_gettid, 0, 0, 0, 0, 0, 0);
    return id > 0 ? (pid_t)id : kernel_id_by_mutex();
}

static struct thread_state **bucket_of(pthread_t handle)
{
    return &states[((uint64_t)handle >> 12) * HASH_GOLDEN >> (64 - STATE_BUCKET_BITS)];
}

static struct thread_state **kernel_bucket_of(pid_t kernel_id)
{
    return &by_kernel_id[(uint64_t)kernel_id * HASH_GOLDEN >> (64 - STATE_BUCKET_BITS)];
}

static void link_state(struct thread_state *state)
{
    struct thread_state **bucket = bucket_of(state->handle);
    state->next = *bucket;
    *bucket = state;
    bucket = kernel_bucket_of(state->kernel_id);
    state->next_by_kernel_id = *bucket;
    __atomic_store_n(bucket, state, __ATOMIC_RELEASE);
}

static void unlink_state(struct thread_state *state)
{
    struct thread_state **link = bucket_of(state->handle);
    while (*link != state)
        link = &(*link)->next;
    *link = state->next;
    link = kernel_bucket_of(state->kernel_id);
    while (*link != state)
        link = &(*link)->next_by_kernel_id;
    __atomic_store_n(link, state->next_by_kernel_id, __ATOMIC_RELEASE);
}

/* Of one that has served another thread, what that one has learned of code is kept, and its held list with the room that it made,
 * which is empty, and which others may be reading; of a cache that it did not use there is nothing to be cleared. */
static struct thread_state *allocate(void)
{
    struct thread_state *state = free_states;
    if (state)
        free_states = state->next;
    else if (!(state = arena_allocate(sizeof(struct thread_block))))
        return NULL;
    struct thread_block *block = (struct thread_block *)state;
    struct history_slot *slots = state->history.slots;
    if (!state->held) {
        block->held->lock = HELD_BOTTOM;
        state->held = state->top = block->held;
        state->held_last = block->held + HELD_FIRST_ROOM;
    }
    if (state->cache_used || state->cache_size > CACHE_FIRST_SIZE)
        memset(block->cache, 0, sizeof block->cache);
    const size_t first = offsetof(struct thread_state, cache_used);
    memset((char *)state + first, 0, offsetof(struct thread_state, replaced_rules) - first);
    state->history.slots = slots;
    state->cache = block->cache;
    state->cache_size = CACHE_FIRST_SIZE;
    state->cache_mask = CACHE_MASK(CACHE_FIRST_SIZE);
    return state;
}

/* The new segment's id; 0 when it could not be written. */
static uint32_t write_segment(uint32_t thread, enum trace_segment_start start, uint32_t previous, uint32_t other)
{
    struct trace_segment *record = trace_append(TRACE_RECORD_SEGMENT, sizeof *record);
    if (!record)
        return 0;
    record->segment = ++last_segment;
    record->thread = thread;
    record->previous = previous;
    record->other = other;
    record->start = start;
    trace_commit();
    return last_segment;
}

static void begin_segment(struct thread_state *state, enum trace_segment_start start, uint32_t previous, uint32_t other)
{
    uint32_t segment = write_segment(state->thread, start, previous, other);
    if (!segment)
        return;
    state->segment = segment;
    held_list_set_root(state, segment);
}

static void write_record(struct thread_state *state, const struct thread_origin *origin)
{
    struct trace_thread *record = trace_append(TRACE_RECORD_THREAD, sizeof *record);
    if (!record) {
        trace_limit_count(TRACE_LIMIT_THREADS);
        return;
    }
    record->thread = state->thread = ++last_thread;
    record->kernel_id = (uint32_t)state->kernel_id;
    record->parent = origin->parent;
    record->created_at = origin->created_at;
    record->flags = origin->flags;
    state->record = trace_offset(record);
    trace_commit();
    thread_state_set_name(state, NULL);
}

static bool is_gone(const struct thread_state *state)
{
    return raw_system_call(SYS_tgkill, (long)trace_header()->process, state->kernel_id, 0, 0, 0, 0) == -ESRCH;
}

/* A handle that comes again was that of a thread which is no more. A detached thread's state may serve another once the kernel no
 * longer knows the thread; those with similar handles are looked at. */
static void release_vanished(pthread_t handle)
{
    for (struct thread_state *state = *bucket_of(handle), *next; state; state = next) {
        next = state->next;
        bool vanished = state->phase == (THREAD_ENDED | THREAD_DETACHED) && is_gone(state);
        if (vanished || (state->phase == THREAD_ENDED && pthread_equal(state->handle, handle))) {
            misuse_thread_gone(state);
            thread_state_release(state);
        }
    }
}

static void unlink_join(struct thread_join **link)
{
    *link = (*link)->next;
}

static void tell_joiner(struct thread_state *joiner, struct thread_state *state)
{
    joiner->wait.joined = state;
    if (joiner->wait_record)
        ((struct trace_wait *)trace_at(joiner->wait_record))->object = state->thread;
}

/* Somebody waits for this thread already. */
static void meet_join(struct thread_state *state)
{
    for (struct thread_join **link = &joins_of_unbegun; *link; link = &(*link)->next) {
        if (!pthread_equal((*link)->handle, state->handle))
            continue;
        (*link)->joined = state;
        state->phase |= THREAD_BEING_JOINED;
        if ((*link)->joiner)
            tell_joiner((*link)->joiner, state);
        unlink_join(link);
        return;
    }
}

void thread_state_join_begins(struct thread_join *join)
{
    struct thread_state *state = *bucket_of(join->handle);
    while (state && (!pthread_equal(state->handle, join->handle) || state->phase & THREAD_BEING_JOINED))
        state = state->next;
    join->joined = state;
    if (state) {
        state->phase |= THREAD_BEING_JOINED;
        return;
    }
    join->next = joins_of_unbegun;
    joins_of_unbegun = join;
}

struct thread_state *thread_state_join_ends(struct thread_join *join)
{
    if (join->joined)
        join->joined->phase &= ~(uint32_t)THREAD_BEING_JOINED;
    for (struct thread_join **link = &joins_of_unbegun; !join->joined && *link; link = &(*link)->next) {
        if (*link == join) {
            unlink_join(link);
            break;
        }
    }
    return join->joined;
}

struct thread_state *thread_state_begin(const struct thread_origin *origin)
{
    pthread_t handle = pthread_self();
    release_vanished(handle);
    struct thread_state *state = allocate();
    if (!state) {
        trace_limit_count(TRACE_LIMIT_THREADS);
        return NULL;
    }
    state->kernel_id = kernel_thread_id();
    state->handle = handle;
    state->phase = origin->detached ? THREAD_DETACHED : 0;
    state->stack_high = origin->stack_high;
    state->stack_low = origin->stack_high ? (uintptr_t)__builtin_frame_address(0) & ~(uintptr_t)4095 : 0;
    write_record(state, origin);
    begin_segment(state, TRACE_SEGMENT_THREAD, 0, origin->segment);
    history_begin(state);
    link_state(state);
    meet_join(state);
    recorder_self = state;
    return state;
}

struct thread_state *thread_state_current(void)
{
    if (recorder_self != &no_state)
        return recorder_self;
    struct thread_origin unknown = {.flags = TRACE_THREAD_UNKNOWN};
    return thread_state_begin(&unknown);
}

void thread_state_end(struct thread_state *state)
{
    if (state->phase & THREAD_ENDED)
        return;
    dependency_cache_write_counts(state);
    struct trace_thread_end *record = trace_append(TRACE_RECORD_THREAD_END, sizeof *record);
    if (record) {
        record->thread = state->thread;
        record->last_segment = state->segment;
        trace_commit();
    }
    state->phase |= THREAD_ENDED;
}

struct thread_state *thread_state_find(pthread_t handle)
{
    for (struct thread_state *state = *bucket_of(handle); state; state = state->next)
        if (pthread_equal(state->handle, handle))
            return state;
    return NULL;
}

/* The list may change meanwhile: then the answer may be NULL, but what is found is the thread's. */
struct thread_state *thread_state_by_kernel_id(pid_t kernel_id)
{
    struct thread_state *state = __atomic_load_n(kernel_bucket_of(kernel_id), __ATOMIC_ACQUIRE);
    for (unsigned steps = 0; state && steps < 100000; steps++) {
        if (state->kernel_id == kernel_id)
            return state;
        state = __atomic_load_n(&state->next_by_kernel_id, __ATOMIC_ACQUIRE);
    }
    return NULL;
}

struct thread_state *thread_state_after(const struct thread_state *state)
{
    if (state && state->next)
        return state->next;
    size_t bucket = state ? (size_t)(bucket_of(state->handle) - states) + 1 : 0;
    while (bucket < STATE_BUCKETS && !states[bucket])
        bucket++;
    return bucket < STATE_BUCKETS ? states[bucket] : NULL;
}

void thread_state_detach(pthread_t handle)
{
    struct thread_state *state = thread_state_find(handle);
    if (state)
        state->phase |= THREAD_DETACHED;
}

void thread_state_release(struct thread_state *state)
{
    unlink_state(state);
    dependency_cache_release(state);
    while (state->top > state->held)
        held_list_pop(state);
    state->next = free_states;
    free_states = state;
}

void thread_state_next_segment(struct thread_state *state, enum trace_segment_start start, uint32_t other)
{
    begin_segment(state, start, state->segment, other);
}

uint32_t thread_state_meet(const struct thread_state *state, uint32_t meeting)
{
    uint32_t segment = write_segment(0, TRACE_SEGMENT_MEETING, meeting, state->segment);
    return segment ? segment : meeting;
}

void thread_state_write_all_counts(void)
{
    FOR_EACH_STATE(state)
    {
        if (!(state->phase & THREAD_ENDED))
            dependency_cache_write_counts(state);
        else if (is_gone(state))
            misuse_thread_gone(state);
    }
}

void thread_state_forget_code(void)
{
    FOR_EACH_STATE(state)
    {
        dependency_cache_forget_keys(state);
        unwind_forget_code(state);
    }
    for (struct thread_state *state = free_states; state; state = state->next)
        unwind_forget_code(state);
}

void thread_state_restart(struct thread_state *state)
{
    memset(states, 0, sizeof states);
    memset(by_kernel_id, 0, sizeof by_kernel_id);
    free_states = NULL;
    joins_of_unbegun = NULL;
    last_thread = last_segment = 0;
    epoch_restart();
    recorder_self = state;
    if (state == &no_state)
        return;
    dependency_cache_clear(state);
    state->parent_kernel_id = state->kernel_id;
    state->kernel_id = kernel_thread_id();
    state->phase = 0;
    state->epoch = 0;
    state->wait = (struct wait){0};
    state->wait_changes = 0;
    state->wait_record = 0;
    state->taken_count = 0;
    state->retreat = (struct retreat){0};
    contention_forget(state);
    struct thread_origin origin = {.flags = TRACE_THREAD_MAIN};
    write_record(state, &origin);
    begin_segment(state, TRACE_SEGMENT_THREAD, 0, 0);
    history_begin(state);
    link_state(state);
}

void thread_state_set_name(struct thread_state *state, const char *name)
{
    char own[LOCKORDER_TRACE_NAME_SIZE] = "";
    if (name)
        strncpy(own, name, sizeof own - 1);
    else if (raw_system_call(SYS_prctl, PR_GET_NAME, (long)own, 0, 0, 0, 0) != 0)
        return;
    if (state->record)
        memcpy(((struct trace_thread *)trace_at(state->record))->name, own, sizeof own);
}
