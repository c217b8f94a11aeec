#include "contention.h"

#include <string.h>

#include "held_list.h"
#include "lock_table.h"
#include "mutex_type.h"
#include "thread_state.h"
#include "trace_writer.h"

/* The list may move at any moment, and its state may begin to serve another thread. */
static uint32_t find_held_context(const struct thread_state *state, uintptr_t lock)
{
    const struct held_entry *entry = __atomic_load_n(&state->top, __ATOMIC_ACQUIRE);
    for (; entry->lock != HELD_BOTTOM; entry--) {
        struct held_entry copy = *entry;
        if (HELD_LOCK(&copy) == lock)
            return HELD_CONTEXT(copy.details);
    }
    return 0;
}

/* The owner goes on meanwhile: what is read may be of its next acquisition of the lock, which is as good. */
void contention_begins(struct wait *wait)
{
    if (HELD_KIND(wait->kind_and_mode) != TRACE_LOCK_MUTEX)
        return;
    pid_t owner = mutex_owner((const pthread_mutex_t *)wait->address);
    const struct thread_state *state = owner ? thread_state_by_kernel_id(owner) : NULL;
    if (!state)
        return;
    wait->holder = state->thread;
    wait->held_context = find_held_context(state, wait->address);
}

/* Its place, or a free one; NULL when there is neither. */
static struct contention *find(struct thread_state *state, uint64_t key)
{
    uint32_t first = (uint32_t)(key * HASH_GOLDEN >> 32);
    for (uint32_t i = 0; i < CONTENTIONS; i++) {
        struct contention *contention = &state->contentions[(first + i) % CONTENTIONS];
        if (contention->key == key || !contention->key)
            return contention;
    }
    return NULL;
}

/* The later lives of an address count as the first: what waits for them at one place is of one class. When there are many locks,
 * those of one place count as one. */
static struct contention *find_or_take(struct thread_state *state, const struct wait *wait)
{
    uint64_t of_place = wait->context * HASH_PRIME | 1, of_lock = (wait->address ^ of_place) | 1;
    struct contention *contention = find(state, of_lock);
    if (contention && contention->key)
        return contention;
    bool many = state->contention_count >= CONTENTIONS / 2;
    contention = many ? find(state, of_place) : contention;
    if (contention && !contention->key) {
        contention->key = many ? of_place : of_lock;
        state->contention_count++;
    }
    return contention;
}

static void begin_record(const struct thread_state *state, const struct wait *wait, struct contention *contention)
{
    struct lock_use use = {.state = state,
                           .address = wait->address,
                           .kind = HELD_KIND(wait->kind_and_mode),
                           .context = wait->context,
                           .frame = state->stack_high};
    const struct known_lock *lock = lock_table_identify(&use);
    struct trace_contention *record = lock ? trace_append(TRACE_RECORD_CONTENTION, sizeof *record) : NULL;
    if (!record)
        return;
    record->thread = state->thread;
    record->lock = lock->id;
    record->context = wait->context;
    contention->record = trace_offset(record);
    trace_commit();
}

static struct trace_contention *record_of(struct thread_state *state, const struct wait *wait)
{
    int saved_errno;
    struct contention *contention = find_or_take(state, wait);
    if (contention && !contention->record && recorder_enter(&saved_errno)) {
        recorder_lock();
        begin_record(state, wait, contention);
        recorder_unlock();
        recorder_leave(saved_errno);
    }
    return contention && contention->record ? trace_at(contention->record) : NULL;
}

static void add(uint64_t *counter, uint64_t value)
{
    __atomic_store_n(counter, *counter + value, __ATOMIC_RELAXED);
}

void contention_ends(struct thread_state *state, const struct wait *wait, uint64_t now)
{
    struct trace_contention *record = state->thread ? record_of(state, wait) : NULL;
    uint64_t lasted = wait->since && now > wait->since ? now - wait->since : 0; /* 0: no clock */
    if (!record) {
        trace_limit_count(TRACE_LIMIT_CONTENTION);
        return;
    }
    add(&record->waits, 1);
    add(&record->total, lasted);
    if (lasted <= record->longest)
        return;
    record->holder = wait->holder;
    record->held_context = wait->held_context;
    __atomic_store_n(&record->longest, lasted, __ATOMIC_RELAXED);
}

void contention_forget(struct thread_state *state)
{
    memset(state->contentions, 0, sizeof state->contentions);
    state->contention_count = 0;
}
