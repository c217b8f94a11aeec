#include "hazard.h"

#include <signal.h>
#include <string.h>

#include "arena.h"
#include "context.h"
#include "event.h"
#include "lock_table.h"
#include "raw_system_call.h"
#include "thread_state.h"

/* A lock that was taken in the handler of a signal. */
struct handler_lock {
    struct taken_lock taken;
    uint32_t thread;
    uint64_t signals; /* that have this handler, bit 0 is signal 1 */
};

enum { HANDLER_LOCKS = 64, PARENT_LOCKS = 64 };

static struct handler_lock handler_locks[HANDLER_LOCKS];
static uint32_t handler_lock_count;

/* What the other threads of the parent of this process, a child after fork, had taken. */
static struct taken_lock parent_locks[PARENT_LOCKS];
static uint32_t parent_lock_count;
static struct stack *parent_stacks; /* their contexts, until they are interned anew */

static bool is_same_lock(const struct taken_lock *taken, uintptr_t lock)
{
    return taken->lock == lock && taken->life && taken->life == lock_table_life(lock);
}

static uint32_t identify(const struct thread_state *state, uintptr_t lock, uint32_t kind_and_mode, uint32_t context)
{
    struct lock_use use = {
        .state = state, .address = lock, .kind = HELD_KIND(kind_and_mode), .context = context, .frame = state->stack_high};
    const struct known_lock *known = lock_table_identify(&use);
    return known ? known->id : 0;
}

/* --- Locks in signal handlers --- */

/* Several signals may have one handler. Which one made it run is not told to it, but where the program wants to know. */
static uint64_t signals_handled_at(uintptr_t return_address)
{
    struct {
        uintptr_t handler;
        unsigned long flags;
        void *restorer;
        uint64_t mask;
    } action;
    uint64_t signals = 0;
    uintptr_t function = unwind_function_start(return_address);
    for (long signal = 1; function && signal <= 64; signal++)
        if (raw_system_call(SYS_rt_sigaction, signal, 0, (long)&action, sizeof action.mask, 0, 0) == 0 &&
            action.handler == function)
            signals |= (uint64_t)1 << (signal - 1);
    return signals;
}

/* Where the lock is taken elsewhere, a signal with this handler may be delivered. */
static void compare(const struct thread_state *state, const struct handler_lock *handler, const struct taken_lock *elsewhere,
                    uint32_t other_thread)
{
    uint64_t deliverable = handler->signals & ~elsewhere->blocked_signals;
    if (!deliverable || !is_same_lock(elsewhere, handler->taken.lock))
        return;
    struct trace_event_step step = {
        .thread = handler->thread,
        .holds_context = elsewhere->context,
        .holds_mode = HELD_MODE(elsewhere->kind_and_mode),
        .wants = identify(state, handler->taken.lock, handler->taken.kind_and_mode, handler->taken.context),
        .wants_context = handler->taken.context,
        .wants_mode = HELD_MODE(handler->taken.kind_and_mode),
        .other_thread = other_thread};
    event_write(TRACE_EVENT_SIGNAL_HANDLER, (uint32_t)__builtin_ctzll(deliverable) + 1, &step, 1);
}

static void taken_in_handler(const struct thread_state *state, const struct taken_lock *taken, uintptr_t return_address)
{
    struct handler_lock handler = {*taken, state->thread, signals_handled_at(return_address)};
    if (handler_lock_count < HANDLER_LOCKS)
        handler_locks[handler_lock_count++] = handler;
    for (struct thread_state *other = NULL; (other = thread_state_after(other));)
        for (uint32_t i = 0; i < other->taken_count && i < TAKEN_LOCKS; i++)
            compare(state, &handler, &other->taken[i], other->thread);
}

static void taken_elsewhere(struct thread_state *state, const struct taken_lock *taken)
{
    for (uint32_t i = 0; i < handler_lock_count; i++)
        compare(state, &handler_locks[i], taken, state->thread);
    state->taken[state->taken_count++ % TAKEN_LOCKS] = *taken;
}

/* --- Locks in a child after fork --- */

static void taken_in_child(const struct thread_state *state, const struct taken_lock *taken)
{
    for (uint32_t i = 0; i < parent_lock_count; i++) {
        if (!is_same_lock(&parent_locks[i], taken->lock))
            continue;
        struct trace_event_step step = {.thread = state->thread,
                                        .holds_context = parent_locks[i].context,
                                        .holds_mode = HELD_MODE(parent_locks[i].kind_and_mode),
                                        .wants = identify(state, taken->lock, taken->kind_and_mode, taken->context),
                                        .wants_context = taken->context,
                                        .wants_mode = HELD_MODE(taken->kind_and_mode)};
        event_write(TRACE_EVENT_FORK_WHILE_HELD, 0, &step, 1);
    }
}

static bool is_held(const struct thread_state *state, uintptr_t lock)
{
    return held_list_find((struct thread_state *)(uintptr_t)state, lock) != NULL;
}

/* Only locks whose place outlives the fork as what it is: in a module. What this thread holds at the fork, it has locked to
 * keep the others out, as fork handlers do. */
void hazard_read_from_parent(const struct thread_state *self)
{
    parent_lock_count = 0;
    parent_stacks = pages_allocate(PARENT_LOCKS * sizeof *parent_stacks);
    for (struct thread_state *other = NULL; parent_stacks && (other = thread_state_after(other));) {
        if (other == self)
            continue;
        for (uint32_t i = 0; i < other->taken_count && i < TAKEN_LOCKS && parent_lock_count < PARENT_LOCKS; i++) {
            const struct taken_lock *taken = &other->taken[i];
            if (taken->life != LOCK_LIFE_STATIC || is_held(self, taken->lock))
                continue;
            if (taken->context)
                context_read_back(taken->context, &parent_stacks[parent_lock_count]);
            parent_locks[parent_lock_count++] = *taken;
        }
    }
}

void hazard_restart(void)
{
    handler_lock_count = 0;
    for (uint32_t i = 0; i < parent_lock_count; i++)
        parent_locks[i].context = parent_stacks[i].count ? context_intern(&parent_stacks[i]) : 0;
    if (parent_stacks)
        pages_release(parent_stacks, PARENT_LOCKS * sizeof *parent_stacks);
    parent_stacks = NULL;
}

/* --- All acquisitions that are new --- */

static uint64_t blocked_signals(void)
{
    uint64_t mask = 0;
    essential_system_call(SYS_rt_sigprocmask, SIG_BLOCK, 0, (long)&mask, sizeof mask, 0, 0);
    return mask;
}

static bool is_known(const struct thread_state *state, const struct taken_lock *taken)
{
    for (uint32_t i = 0; i < state->taken_count && i < TAKEN_LOCKS; i++)
        if (state->taken[i].lock == taken->lock && state->taken[i].context == taken->context &&
            state->taken[i].life == taken->life)
            return true;
    return false;
}

void hazard_acquired(struct thread_state *state, const struct acquisition *acquisition, uint32_t context,
                     const struct stack *stack)
{
    if (acquisition->attempt == ATTEMPT_NONE || HELD_KIND(acquisition->kind_and_mode) == TRACE_LOCK_SEMAPHORE)
        return;
    struct taken_lock taken = {.lock = acquisition->lock,
                               .kind_and_mode = acquisition->kind_and_mode,
                               .context = context,
                               .life = lock_table_life(acquisition->lock),
                               .segment = state->segment};
    if (!taken.life || is_known(state, &taken))
        return;
    if (parent_lock_count && acquisition->attempt != ATTEMPT_TRY)
        taken_in_child(state, &taken);
    if (!stack->handler) {
        taken.blocked_signals = blocked_signals();
        taken_elsewhere(state, &taken);
    } else if (acquisition->attempt != ATTEMPT_TRY) {
        taken_in_handler(state, &taken, stack->frames[stack->handler - 1].address);
    }
}

/* --- Waits with locks held --- */

void hazard_waits_at_condition(struct thread_state *state, uintptr_t mutex, uint32_t context, const struct stack *stack)
{
    const struct held_entry *held = state->top;
    if (!held_entry_is_whole(held))
        return;
    uint32_t held_context = context_of_held(HELD_CONTEXT(held->details), held->frame, stack);
    struct trace_event_step step = {
        .thread = state->thread,
        .holds = identify(state, HELD_LOCK(held), (uint32_t)held->details, held_context),
        .holds_context = held_context,
        .holds_mode = HELD_MODE(held->details),
        .wants = identify(state, mutex, HELD_KIND_AND_MODE(TRACE_LOCK_MUTEX, TRACE_MODE_EXCLUSIVE), context),
        .wants_context = context,
        .wants_mode = TRACE_MODE_EXCLUSIVE};
    event_write(TRACE_EVENT_CONDITION_HOLDING, 0, &step, 1);
}

static bool takes(const struct thread_state *state, uintptr_t lock, uint32_t segment)
{
    for (uint32_t i = 0; i < state->taken_count && i < TAKEN_LOCKS; i++)
        if (is_same_lock(&state->taken[i], lock) && (!segment || state->taken[i].segment == segment))
            return true;
    return false;
}

void hazard_waited_for(struct thread_state *state, enum trace_event_kind kind, const struct thread_state *other, uint32_t segment,
                       const struct stack *stack)
{
    for (const struct held_entry *held = state->top; held > state->held; held--) {
        uintptr_t lock = HELD_LOCK(held);
        if (!takes(other, lock, segment))
            continue;
        uint32_t held_context = context_of_held(HELD_CONTEXT(held->details), held->frame, stack);
        struct trace_event_step step = {.thread = state->thread,
                                        .holds = identify(state, lock, (uint32_t)held->details, held_context),
                                        .holds_context = held_context,
                                        .holds_mode = HELD_MODE(held->details),
                                        .wants_context = context_intern(stack),
                                        .other_thread = other->thread};
        event_write(kind, 0, &step, 1);
    }
}
