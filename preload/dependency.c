#include "dependency.h"

#include "arena.h"
#include "context.h"
#include "event.h"
#include "hash.h"
#include "hash_index.h"
#include "lock_table.h"
#include "mutex_type.h"
#include "names.h"
#include "rwlock_type.h"
#include "trace_writer.h"

#include <string.h>

/* Of the segments in which a dependency was seen, the first ones and the most recent ones are kept. */
enum { FIRST_WITNESSES = 16, RECENT_WITNESSES = 16 };

#define NOT_FORBIDDEN UINT32_MAX

struct known_dependency {
    uint32_t id;
    uint32_t witness_count;
    uint32_t last_segment; /* the segment of the witness written last, and its place */
    uint32_t last_witness;
    uint32_t *recent; /* places of the recent witnesses, a ring; NULL while there are only first ones */
#ifdef LOCKORDER_CHECK
    uint64_t record; /* offset in the trace */
#endif
};

static struct hash_index dependencies; /* hash of the record -> index into known */
static struct known_dependency *known;
static uint32_t known_room, known_count; /* known[0] is not used */

static bool make_room(void)
{
    if (known_count + 1 < known_room)
        return true;
    uint32_t room = known_room ? known_room * 2 : 256;
    struct known_dependency *larger = pages_allocate(room * sizeof *larger);
    if (!larger)
        return false;
    if (known) {
        memcpy(larger, known, known_room * sizeof *larger);
        pages_release(known, known_room * sizeof *known);
    }
    known = larger;
    known_room = room;
    return true;
}

/* The same site may have taken many of the held locks. */
struct held_context {
    uint32_t recorded;
    uintptr_t frame;
    uint32_t found;
};

static uint32_t context_of(struct held_context *last, const struct held_entry *entry, const struct stack *stack)
{
    uint32_t recorded = HELD_CONTEXT(entry->details);
    if (last->recorded != recorded || last->frame != entry->frame)
        *last = (struct held_context){recorded, entry->frame, context_of_held(recorded, entry->frame, stack)};
    return last->found;
}

/* The last entry for a lock may be of one that this thread, interrupted by a signal, is still waiting for. */
static bool is_locked(struct thread_state *state, const struct held_entry *entry)
{
    uintptr_t lock = HELD_LOCK(entry);
    if (!held_entry_is_whole(entry))
        return false;
    if (HELD_KIND(entry->details) == TRACE_LOCK_MUTEX)
        return mutex_is_locked_by((const pthread_mutex_t *)lock, state);
    return state->wait.kind != TRACE_WAIT_LOCK || state->wait.address != lock || entry != held_list_find(state, lock);
}

/* Identifies everything that the record refers to, since records cannot be nested. Fills held[] and their count; a recursive lock
 * counts once. *forbidden is the place of one that the program declared not to hold then, if there is one. False when something
 * could not be recorded. */
static bool collect_held(struct thread_state *state, const struct known_lock *wanted, const struct stack *stack,
                         struct trace_held *held, uint32_t *held_count, uint32_t *forbidden)
{
    static uint32_t collection;
    struct held_context last = {0};
    uint32_t count = 0;
    collection = (collection + 1) & KNOWN_LOCK_MARKS;
    for (const struct held_entry *entry = state->held + 1; entry <= state->top && count < LOCKORDER_TRACE_MAX_HELD; entry++) {
        if (!is_locked(state, entry))
            continue;
        uint32_t context = context_of(&last, entry, stack);
        struct lock_use use = {.state = state,
                               .address = HELD_LOCK(entry),
                               .kind = HELD_KIND(entry->details),
                               .context = context,
                               .frame = stack->frames[0].frame};
        struct known_lock *lock = lock_table_identify(&use);
        if (!lock)
            return false;
        if (unlikely(names_forbid(lock->name, wanted->name)))
            *forbidden = count;
        if (lock->mark != collection)
            held[count++] = (struct trace_held){.lock = lock->id, .context = context, .mode = HELD_MODE(entry->details)};
        lock->mark = collection & KNOWN_LOCK_MARKS;
    }
    *held_count = count;
    return true;
}

static uint64_t hash_record(const struct trace_dependency *record, const struct trace_held *held)
{
    uint64_t hash = hash_mix(hash_mix(record->lock, record->context), (uint64_t)record->mode << 32 | record->flags);
    for (uint32_t i = 0; i < record->held_count; i++)
        hash = hash_mix(hash_mix(hash, held[i].lock), (uint64_t)held[i].context << 32 | held[i].mode);
    return hash;
}

static struct known_dependency *add(uint64_t hash, const struct trace_dependency *fields, const struct trace_held *held)
{
    size_t held_size = fields->held_count * sizeof *held;
    if (!make_room() || !hash_index_insert(&dependencies, hash, known_count + 1))
        return NULL;
    struct known_dependency *dependency = &known[++known_count];
    *dependency = (struct known_dependency){0};
    struct trace_dependency *record = trace_append(TRACE_RECORD_DEPENDENCY, sizeof *record + held_size);
    if (!record)
        return dependency;
    struct trace_record_header header = record->header;
    *record = *fields;
    record->header = header;
    record->dependency = dependency->id = known_count;
#ifdef LOCKORDER_CHECK
    dependency->record = trace_offset(record);
#endif
    memcpy(record + 1, held, held_size);
    trace_commit();
    return dependency;
}

static uint32_t replace_recent(struct known_dependency *dependency, uint32_t segment)
{
    uint32_t place = dependency->recent[dependency->witness_count++ % RECENT_WITNESSES];
    struct trace_witness *witness = trace_at((uint64_t)place * 8);
    __atomic_store_n(&witness->segment, segment, __ATOMIC_RELEASE);
    trace_limit_count(TRACE_LIMIT_WITNESSES);
    return place;
}

static uint32_t append_witness(struct known_dependency *dependency, uint32_t segment)
{
    struct trace_witness *witness = trace_append(TRACE_RECORD_WITNESS, sizeof *witness);
    if (!witness)
        return 0;
    witness->dependency = dependency->id;
    witness->segment = segment;
    uint32_t place = (uint32_t)(trace_offset(witness) / 8);
    trace_commit();
    if (dependency->witness_count >= FIRST_WITNESSES && dependency->recent)
        dependency->recent[dependency->witness_count % RECENT_WITNESSES] = place;
    dependency->witness_count++;
    return place;
}

static uint32_t witness(struct known_dependency *dependency, uint32_t segment)
{
    if (dependency->last_witness && dependency->last_segment == segment)
        return dependency->last_witness;
    if (dependency->witness_count == FIRST_WITNESSES)
        dependency->recent = arena_allocate(RECENT_WITNESSES * sizeof *dependency->recent);
    bool full = dependency->witness_count >= FIRST_WITNESSES + RECENT_WITNESSES;
    uint32_t place = full && dependency->recent ? replace_recent(dependency, segment) : append_witness(dependency, segment);
    dependency->last_segment = segment;
    dependency->last_witness = place;
    return place;
}

/* Whether to acquire a lock that this thread holds already is to wait for ever. It is not where the lock is recursive, nor where
 * the call returns an error or throws instead; and somebody else may post a semaphore. */
static bool waits_again(const struct acquisition *acquisition, const struct held_entry *held)
{
    switch (HELD_KIND(acquisition->kind_and_mode)) {
    case TRACE_LOCK_MUTEX: {
        enum trace_lock_kind kind = mutex_kind((const pthread_mutex_t *)acquisition->lock);
        return kind == TRACE_LOCK_MUTEX || kind == TRACE_LOCK_MUTEX_ADAPTIVE;
    }
    case TRACE_LOCK_RWLOCK:
        return HELD_MODE(held->details) == TRACE_MODE_SHARED &&
               (HELD_MODE(acquisition->kind_and_mode) == TRACE_MODE_EXCLUSIVE ||
                rwlock_prefers_writer((const pthread_rwlock_t *)acquisition->lock));
    case TRACE_LOCK_SPIN:
    case TRACE_LOCK_ONCE:
    case TRACE_LOCK_ANNOTATED:
        return true;
    default:
        return false;
    }
}

/* A try is recorded too: where the program falls back to waiting, it stands for the wait (trace_try_fallback). */
static bool waits(struct thread_state *state, const struct acquisition *acquisition)
{
    if (held_list_is_empty(state) || acquisition->attempt == ATTEMPT_NONE)
        return false;
    const struct held_entry *held = held_list_find(state, acquisition->lock);
    if (!held || !is_locked(state, held))
        return true;
    return acquisition->attempt != ATTEMPT_TRY && waits_again(acquisition, held);
}

static uint32_t flags_of(enum attempt attempt)
{
    static const uint32_t flags[] = {[ATTEMPT_TIMED] = TRACE_DEPENDENCY_TIMED,
                                     [ATTEMPT_REACQUIRE] = TRACE_DEPENDENCY_CONDITION,
                                     [ATTEMPT_TRY] = TRACE_DEPENDENCY_TRY,
                                     [ATTEMPT_NONE] = 0};
    return flags[attempt];
}

/* Everything but the header and the id. False when something could not be recorded. */
static bool describe(struct thread_state *state, const struct acquisition *acquisition, uint32_t context,
                     const struct stack *stack, struct trace_dependency *fields, struct trace_held *held, uint32_t *forbidden)
{
    struct lock_use use = {.state = state,
                           .address = acquisition->lock,
                           .kind = HELD_KIND(acquisition->kind_and_mode),
                           .context = context,
                           .frame = acquisition->frame};
    const struct known_lock *wanted = lock_table_identify(&use);
    *fields = (struct trace_dependency){.lock = wanted ? wanted->id : 0,
                                        .context = context,
                                        .mode = HELD_MODE(acquisition->kind_and_mode),
                                        .flags = flags_of(acquisition->attempt)};
    return wanted && collect_held(state, wanted, stack, held, &fields->held_count, forbidden);
}

static uint32_t record(struct thread_state *state, const struct trace_dependency *fields, const struct trace_held *held)
{
    uint64_t hash = hash_record(fields, held);
    uint32_t found = hash_index_find(&dependencies, hash);
    struct known_dependency *dependency = found ? &known[found] : add(hash, fields, held);
    return dependency && dependency->id && state->segment ? witness(dependency, state->segment) : 0;
}

static void write_against_order(const struct thread_state *state, const struct trace_dependency *fields,
                                const struct trace_held *held)
{
    struct trace_event_step step = {.thread = state->thread,
                                    .holds = held->lock,
                                    .holds_context = held->context,
                                    .holds_mode = held->mode,
                                    .wants = fields->lock,
                                    .wants_context = fields->context,
                                    .wants_mode = fields->mode};
    event_write(TRACE_EVENT_AGAINST_DECLARED_ORDER, 0, &step, 1);
}

bool dependency_holds_all(struct thread_state *state)
{
    for (const struct held_entry *entry = state->held + 1; entry <= state->top; entry++)
        if (!is_locked(state, entry))
            return false;
    return true;
}

uint32_t dependency_record(struct thread_state *state, const struct acquisition *acquisition, uint32_t context,
                           const struct stack *stack)
{
    static struct trace_held held[LOCKORDER_TRACE_MAX_HELD]; /* under the recorder lock; too large for a small stack */
    struct trace_dependency fields;
    if (!waits(state, acquisition))
        return 0;
    uint32_t place = 0, forbidden = NOT_FORBIDDEN;
    bool described = describe(state, acquisition, context, stack, &fields, held, &forbidden);
    if (described && fields.held_count == 0)
        return 0;
    if (described)
        place = record(state, &fields, held);
    if (described && forbidden != NOT_FORBIDDEN && acquisition->attempt != ATTEMPT_TRY)
        write_against_order(state, &fields, &held[forbidden]);
    if (!place)
        trace_limit_count(TRACE_LIMIT_DEPENDENCIES);
    return place;
}

void dependency_record_writer(struct thread_state *state, const struct acquisition *acquisition, uint32_t context)
{
    struct trace_dependency fields;
    uint32_t forbidden = NOT_FORBIDDEN;
    if (!describe(state, acquisition, context, NULL, &fields, NULL, &forbidden) || !record(state, &fields, NULL))
        trace_limit_count(TRACE_LIMIT_DEPENDENCIES);
}

#ifdef LOCKORDER_CHECK

static bool is_first_for_lock(const struct thread_state *state, const struct held_entry *entry)
{
    const struct held_entry *first = state->held + 1;
    while (HELD_LOCK(first) != HELD_LOCK(entry))
        first++;
    return first == entry;
}

static bool holds_as_recorded(struct thread_state *state, const struct trace_dependency *record)
{
    const struct trace_held *held = (const struct trace_held *)(record + 1);
    uint32_t count = 0;
    for (const struct held_entry *entry = state->held + 1; entry <= state->top; entry++) {
        if (!is_first_for_lock(state, entry))
            continue;
        uint32_t lock = lock_table_id(HELD_LOCK(entry));
        if (count == record->held_count || held[count].lock != lock || held[count].mode != HELD_MODE(entry->details))
            return false;
        count++;
    }
    return count == record->held_count;
}

bool dependency_is_of(struct thread_state *state, const struct acquisition *acquisition, uint32_t place)
{
    if (!dependency_holds_all(state))
        return true; /* what the record says was true when it was made */
    if (!place)
        return !waits(state, acquisition) || trace_header()->limits[TRACE_LIMIT_DEPENDENCIES];
    const struct trace_witness *witness = trace_at((uint64_t)place * 8);
    const struct known_dependency *dependency = &known[witness->dependency];
    const struct trace_dependency *record = trace_at(dependency->record);
    bool kept = dependency->witness_count <= FIRST_WITNESSES + RECENT_WITNESSES;
    return waits(state, acquisition) && record->dependency == witness->dependency &&
           record->lock == lock_table_id(acquisition->lock) && record->mode == HELD_MODE(acquisition->kind_and_mode) &&
           record->flags == flags_of(acquisition->attempt) && holds_as_recorded(state, record) &&
           (!kept || witness->segment == state->segment);
}

#endif

void dependency_forget_all(void)
{
    hash_index_abandon(&dependencies);
    known = NULL;
    known_room = known_count = 0;
}
