#include "livelock.h"

#include "dependency_cache.h"
#include "event.h"
#include "lock_table.h"
#include "thread_state.h"

enum { IN_A_ROW = 5 }; /* failures after which a thread may be one of two */

/* A thread looks around after IN_A_ROW failures, and then each time when they have doubled: a loop that waits for a lock by
 * trying is not to be slowed down. */
static bool is_time_to_look(uint32_t in_a_row)
{
    return in_a_row % IN_A_ROW == 0 && (in_a_row / IN_A_ROW & (in_a_row / IN_A_ROW - 1)) == 0;
}

static uint32_t load(const uint32_t *field)
{
    return __atomic_load_n(field, __ATOMIC_RELAXED);
}

static bool is_the_other_way_round(const struct retreat *mine, const struct retreat *others)
{
    return __atomic_load_n(&others->wanted, __ATOMIC_RELAXED) == mine->held &&
           __atomic_load_n(&others->held, __ATOMIC_RELAXED) == mine->wanted && load(&others->in_a_row) >= IN_A_ROW &&
           load(&others->context) != 0;
}

static const struct thread_state *find_partner(const struct thread_state *state)
{
    for (const struct thread_state *other = NULL; (other = thread_state_after(other));)
        if (other != state && is_the_other_way_round(&state->retreat, &other->retreat))
            return other;
    return NULL;
}

static uint32_t identify(const struct thread_state *state, uintptr_t lock, uint32_t kind_and_mode, uint32_t context)
{
    struct lock_use use = {
        .state = state, .address = lock, .kind = HELD_KIND(kind_and_mode), .context = context, .frame = state->stack_high};
    const struct known_lock *known = lock_table_identify(&use);
    return known ? known->id : 0;
}

/* Told as the one sees it who holds the lock at the lower address: so it is told once, and the same in each run. */
static void write_event(const struct thread_state *state, const struct thread_state *other)
{
    if (state->retreat.wanted < state->retreat.held) {
        const struct thread_state *first = other;
        other = state;
        state = first;
    }
    const struct retreat *retreat = &state->retreat;
    uint32_t context = load(&retreat->context), others_context = load(&other->retreat.context);
    struct trace_event_step step = {.thread = state->thread,
                                    .holds = identify(state, retreat->held, retreat->held_details, others_context),
                                    .holds_context = others_context,
                                    .holds_mode = HELD_MODE(retreat->held_details),
                                    .wants = identify(state, retreat->wanted, other->retreat.held_details, context),
                                    .wants_context = context,
                                    .wants_mode = HELD_MODE(other->retreat.held_details),
                                    .other_thread = other->thread};
    event_write(TRACE_EVENT_LIVELOCK, 0, &step, 1);
}

/* Where a thread gives way, it takes nothing but the lock that it released, again, for each failure. One that takes more may have got
 * what it wanted, in another way than by this try. */
static bool may_have_got_on(struct thread_state *state)
{
    struct retreat *retreat = &state->retreat;
    uint64_t acquisitions = dependency_cache_total(state);
    bool more = retreat->looked_at && acquisitions - retreat->acquisitions > retreat->in_a_row - retreat->looked_at;
    retreat->looked_at = retreat->in_a_row;
    retreat->acquisitions = acquisitions;
    return more;
}

/* Seen twice, and failing in between: it is not what is left of an encounter that is over. */
static void look(struct thread_state *state)
{
    struct retreat *mine = &state->retreat;
    const struct thread_state *other = find_partner(state);
    uint32_t in_a_row = other ? load(&other->retreat.in_a_row) : 0;
    if (other && mine->partner == other->thread && in_a_row > mine->partner_in_a_row)
        write_event(state, other);
    mine->partner = other ? other->thread : 0;
    mine->partner_in_a_row = in_a_row;
}

static void begin(struct retreat *retreat, uintptr_t wanted, const struct held_entry *held, uint64_t successes)
{
    __atomic_store_n(&retreat->in_a_row, 0, __ATOMIC_RELAXED);
    __atomic_store_n(&retreat->context, 0, __ATOMIC_RELAXED);
    __atomic_store_n(&retreat->wanted, wanted, __ATOMIC_RELAXED);
    __atomic_store_n(&retreat->held, HELD_LOCK(held), __ATOMIC_RELAXED);
    retreat->held_details = (uint32_t)held->details;
    retreat->successes = successes;
    retreat->looked_at = retreat->partner = retreat->partner_in_a_row = 0;
}

void livelock_try_failed(struct thread_state *state, const struct acquisition *acquisition)
{
    int saved_errno;
    struct retreat *retreat = &state->retreat;
    const struct held_entry *held = state->top;
    if (likely(held_list_is_empty(state)))
        return;
    uint64_t successes = acquire_count(acquisition);
    if (retreat->wanted != acquisition->lock || retreat->held != HELD_LOCK(held) || retreat->successes != successes)
        begin(retreat, acquisition->lock, held, successes);
    uint32_t in_a_row = retreat->in_a_row + 1;
    __atomic_store_n(&retreat->in_a_row, in_a_row, __ATOMIC_RELAXED);
    if (!is_time_to_look(in_a_row))
        return;
    if (may_have_got_on(state)) {
        begin(retreat, acquisition->lock, held, successes);
        return;
    }
    if (!recorder_enter(&saved_errno))
        return;
    if (!retreat->context)
        __atomic_store_n(&retreat->context, acquire_context(state, acquisition->return_address, acquisition->frame),
                         __ATOMIC_RELAXED);
    recorder_lock();
    look(state);
    recorder_unlock();
    recorder_leave(saved_errno);
}
