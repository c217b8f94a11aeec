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

static uintptr_t load_lock(const uintptr_t *field)
{
    return __atomic_load_n(field, __ATOMIC_RELAXED);
}

/* False when that thread has begun anew meanwhile: then the fields may not belong together. */
static bool copy(const struct retreat *others, struct retreat *retreat)
{
    uint32_t in_a_row = __atomic_load_n(&others->in_a_row, __ATOMIC_ACQUIRE);
    *retreat = (struct retreat){.wanted = load_lock(&others->wanted),
                                .held = load_lock(&others->held),
                                .held_details = load(&others->held_details),
                                .context = load(&others->context),
                                .in_a_row = in_a_row};
    __atomic_thread_fence(__ATOMIC_ACQUIRE);
    return load(&others->in_a_row) >= in_a_row;
}

static bool is_the_other_way_round(const struct retreat *mine, const struct retreat *others)
{
    return others->wanted == mine->held && others->held == mine->wanted && others->in_a_row >= IN_A_ROW && others->context;
}

/* Fills the retreat of the thread that it returns. */
static const struct thread_state *find_partner(const struct thread_state *state, struct retreat *retreat)
{
    for (const struct thread_state *other = NULL; (other = thread_state_after(other));)
        if (other != state && copy(&other->retreat, retreat) && is_the_other_way_round(&state->retreat, retreat))
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

/* One of the two that give way. */
struct side {
    const struct thread_state *state;
    const struct retreat *retreat;
};

/* Told as the one sees it who holds the lock at the lower address: so it is told once, and the same in each run. */
static void write_event(struct side side, struct side other)
{
    if (side.retreat->wanted < side.retreat->held) {
        struct side first = other;
        other = side;
        side = first;
    }
    const struct retreat *mine = side.retreat, *others = other.retreat;
    struct trace_event_step step = {.thread = side.state->thread,
                                    .holds = identify(side.state, mine->held, mine->held_details, others->context),
                                    .holds_context = others->context,
                                    .holds_mode = HELD_MODE(mine->held_details),
                                    .wants = identify(side.state, mine->wanted, others->held_details, mine->context),
                                    .wants_context = mine->context,
                                    .wants_mode = HELD_MODE(others->held_details),
                                    .other_thread = other.state->thread};
    event_write(TRACE_EVENT_LIVELOCK, 0, &step, 1);
}

/* Where a thread gives way, it takes nothing but the lock that it released, again, for each failure. One that takes more may
 * have got what it wanted, in another way than by this try. To count takes time: only where there is a partner. */
static bool may_have_got_on(struct thread_state *state)
{
    struct retreat *retreat = &state->retreat;
    uint64_t acquisitions = dependency_cache_total(state);
    bool more = retreat->looked_at && acquisitions - retreat->acquisitions > retreat->in_a_row - retreat->looked_at;
    retreat->looked_at = retreat->in_a_row;
    retreat->acquisitions = acquisitions;
    return more;
}

static void begin_anew(struct retreat *retreat)
{
    __atomic_store_n(&retreat->in_a_row, 0, __ATOMIC_RELAXED);
    __atomic_thread_fence(__ATOMIC_RELEASE);
    __atomic_store_n(&retreat->context, 0, __ATOMIC_RELAXED);
    retreat->looked_at = retreat->partner = retreat->partner_in_a_row = 0;
}

static void begin(struct retreat *retreat, uintptr_t wanted, const struct held_entry *held, uint64_t successes)
{
    begin_anew(retreat);
    __atomic_store_n(&retreat->wanted, wanted, __ATOMIC_RELAXED);
    __atomic_store_n(&retreat->held, HELD_LOCK(held), __ATOMIC_RELAXED);
    __atomic_store_n(&retreat->held_details, (uint32_t)held->details, __ATOMIC_RELAXED);
    retreat->successes = successes;
}

/* Seen twice, and failing in between: it is not what is left of an encounter that is over. */
static void look(struct thread_state *state)
{
    struct retreat *mine = &state->retreat, others;
    const struct thread_state *other = find_partner(state, &others);
    if (!other) {
        mine->partner = 0;
        return;
    }
    if (may_have_got_on(state)) {
        begin_anew(mine);
        return;
    }
    if (mine->partner == other->thread && others.in_a_row > mine->partner_in_a_row)
        write_event((struct side){state, mine}, (struct side){other, &others});
    mine->partner = other->thread;
    mine->partner_in_a_row = others.in_a_row;
}

void livelock_try_failed(struct thread_state *state, const struct acquisition *acquisition)
{
    int saved_errno;
    struct retreat *retreat = &state->retreat;
    const struct held_entry *held = state->top;
    if (likely(held_list_is_empty(state)) || held_list_find(state, acquisition->lock))
        return; /* what a thread holds itself, some programs try so as to see that it is locked */
    uint64_t successes = acquire_count(acquisition);
    if (retreat->wanted != acquisition->lock || retreat->held != HELD_LOCK(held) || retreat->successes != successes)
        begin(retreat, acquisition->lock, held, successes);
    uint32_t in_a_row = retreat->in_a_row + 1;
    __atomic_store_n(&retreat->in_a_row, in_a_row, __ATOMIC_RELEASE);
    if (!is_time_to_look(in_a_row))
        return;
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
