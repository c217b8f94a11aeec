/* A depth-first search from the thread that is about to block, along "waits for what is held by". */
#include "deadlock.h"

#include "event.h"
#include "lock_table.h"
#include "mutex_type.h"
#include "published_wait.h"
#include "rwlock_type.h"
#include "thread_state.h"
#include "trace_writer.h"

enum { LONGEST = 256 };

/* One thread on the way. */
struct link {
    struct thread_state *state; /* NULL for a thread that is gone and left the lock locked */
    struct wait wait;
    struct thread_state *cursor; /* the last one of those that may hold it that was looked at */
    bool begun;
};

static struct link path[LONGEST]; /* under the recorder lock; too large for a small stack */
static uint32_t search_number;
static bool spinlocks_are_distrusted;

void deadlock_distrust_spinlocks(void)
{
    __atomic_store_n(&spinlocks_are_distrusted, true, __ATOMIC_RELAXED);
}

/* --- Who waits for what --- */

static const pthread_mutex_t *mutex_at(uintptr_t address)
{
    return (const pthread_mutex_t *)address;
}

static bool may_be_waited_for(uintptr_t lock, uint32_t kind, const struct thread_state *state)
{
    if (kind == TRACE_LOCK_SPIN)
        return !__atomic_load_n(&spinlocks_are_distrusted, __ATOMIC_RELAXED);
    return kind == TRACE_LOCK_MUTEX && !mutex_is_locked_by(mutex_at(lock), state);
}

/* The last held entry may be of a lock that another thread has: a wait that was not announced, and so has no time-out. A mutex
 * tells. A spinlock does not: if the thread has it, nobody is in its way. */
static bool is_blocked_at_top(const struct thread_state *state, struct wait *wait)
{
    struct held_entry entry = *state->top;
    uintptr_t lock = HELD_LOCK(&entry);
    if (lock <= HELD_BOTTOM || !may_be_waited_for(lock, HELD_KIND(entry.details), state))
        return false;
    *wait = (struct wait){.kind = TRACE_WAIT_LOCK,
                          .context = HELD_CONTEXT(entry.details),
                          .address = lock,
                          .kind_and_mode = (uint32_t)entry.details};
    return true;
}

/* False when the thread goes on, or will go on some time. What it waits for may be gone the moment after. */
static bool is_blocked(const struct thread_state *state, struct wait *wait)
{
    if (!wait_copy(state, wait) || (!wait->kind && !is_blocked_at_top(state, wait)))
        return false;
    if (wait->kind == TRACE_WAIT_JOIN)
        return !wait->gives_up;
    if (!memory_is_readable(wait->address))
        return false;
    if (wait->kind == TRACE_WAIT_CONDITION)
        return !mutex_is_locked_by(mutex_at(wait->address), state);
    return wait->kind == TRACE_WAIT_LOCK && !wait->gives_up;
}

static bool is_same_wait(const struct wait *left, const struct wait *right)
{
    return left->kind == right->kind && left->address == right->address && left->joined == right->joined;
}

/* --- Who is in the way --- */

static bool has_owner(const struct wait *wait)
{
    return HELD_KIND(wait->kind_and_mode) == TRACE_LOCK_MUTEX;
}

static bool excludes(uint32_t held_mode, uint32_t wanted_mode)
{
    return held_mode == TRACE_MODE_EXCLUSIVE || wanted_mode == TRACE_MODE_EXCLUSIVE;
}

static bool waits_for_lock(const struct thread_state *state, uintptr_t lock, uint32_t mode)
{
    return state->wait.kind == TRACE_WAIT_LOCK && state->wait.address == lock && HELD_MODE(state->wait.kind_and_mode) == mode;
}

/* A thread that waits for nothing else may wait for the lock at the top of its list. */
static bool may_wait_for(const struct thread_state *state, uintptr_t lock)
{
    return state->wait.kind ? state->wait.kind == TRACE_WAIT_LOCK && state->wait.address == lock : HELD_LOCK(state->top) == lock;
}

/* The entry by which a thread that is blocked keeps others from a lock without an owner; NULL when it does not. The innermost
 * entry stands for the wait while the thread still waits. */
static const struct held_entry *entry_in_the_way(const struct thread_state *state, const struct wait *wait)
{
    bool waits = may_wait_for(state, wait->address);
    for (const struct held_entry *entry = state->top; entry->lock != HELD_BOTTOM; entry--) { /* the list may move at any moment */
        if (HELD_LOCK(entry) != wait->address)
            continue;
        if (!waits && excludes(HELD_MODE(entry->details), HELD_MODE(wait->kind_and_mode)))
            return entry;
        waits = false;
    }
    return NULL;
}

/* A reader waits for the writers that wait, where the lock prefers them. */
static bool queues_before(const struct thread_state *state, const struct thread_state *waiter, const struct wait *wait)
{
    return state != waiter && HELD_KIND(wait->kind_and_mode) == TRACE_LOCK_RWLOCK &&
           HELD_MODE(wait->kind_and_mode) == TRACE_MODE_SHARED && waits_for_lock(state, wait->address, TRACE_MODE_EXCLUSIVE) &&
           rwlock_prefers_writer((const pthread_rwlock_t *)wait->address);
}

/* A semaphore, even one that looks like a lock, may be posted by anybody but the one thread that waits for it. */
static bool may_wait_for_itself(const struct wait *wait)
{
    switch (HELD_KIND(wait->kind_and_mode)) {
    case TRACE_LOCK_MUTEX: {
        enum trace_lock_kind kind = mutex_kind(mutex_at(wait->address));
        return kind == TRACE_LOCK_MUTEX || kind == TRACE_LOCK_MUTEX_ADAPTIVE;
    }
    case TRACE_LOCK_RWLOCK:
        return !rwlock_is_written_by((const pthread_rwlock_t *)wait->address, recorder_self);
    case TRACE_LOCK_SEMAPHORE:
    case TRACE_LOCK_GUARD:
    case TRACE_LOCK_FILE:
    case TRACE_LOCK_LOADER:
        return false;
    default:
        return true;
    }
}

static bool is_in_the_way(const struct thread_state *state, const struct thread_state *waiter, const struct wait *wait)
{
    if (wait->kind == TRACE_WAIT_JOIN)
        return state == wait->joined && !(state->phase & THREAD_ENDED);
    if (state == waiter && (wait->kind == TRACE_WAIT_CONDITION || !may_wait_for_itself(wait)))
        return false;
    if (has_owner(wait))
        return mutex_is_locked_by(mutex_at(wait->address), state);
    return entry_in_the_way(state, wait) || queues_before(state, waiter, wait);
}

static struct thread_state *owner_of(const struct wait *wait)
{
    pid_t owner = mutex_owner(mutex_at(wait->address));
    struct thread_state *state = owner ? thread_state_by_kernel_id(owner) : NULL;
    return state || !mutex_came_along(mutex_at(wait->address), recorder_self) ? state : recorder_self;
}

/* The thread in the way after the last one that was returned; NULL after the last. */
static struct thread_state *next_in_the_way(struct link *link)
{
    bool single = link->wait.kind == TRACE_WAIT_JOIN || has_owner(&link->wait);
    if (single && link->begun)
        return NULL;
    link->begun = true;
    if (single) {
        struct thread_state *state = link->wait.kind == TRACE_WAIT_JOIN ? link->wait.joined : owner_of(&link->wait);
        return state && is_in_the_way(state, link->state, &link->wait) ? state : NULL;
    }
    while ((link->cursor = thread_state_after(link->cursor)))
        if (is_in_the_way(link->cursor, link->state, &link->wait))
            return link->cursor;
    return NULL;
}

/* A mutex whose owner is no more: ended without unlocking, or not there in the child of a fork. One that is robust, or shared
 * with other processes, is another matter. */
static bool is_abandoned(const struct wait *wait)
{
    if (wait->kind == TRACE_WAIT_JOIN || !has_owner(wait))
        return false;
    const pthread_mutex_t *mutex = mutex_at(wait->address);
    pid_t owner = mutex_owner(mutex);
    if (!owner || mutex_flags(mutex) & (TRACE_LOCK_ROBUST | TRACE_LOCK_PROCESS_SHARED))
        return false;
    long result = raw_system_call(SYS_tgkill, (long)trace_header()->process, owner, 0, 0, 0, 0);
    return result == -ESRCH && mutex_owner(mutex) == owner && !mutex_came_along(mutex, recorder_self);
}

/* --- The search --- */

/* The number of links of a circle that leads back to the first thread, or that ends at a thread that is gone; 0 for none. */
static uint32_t search(struct thread_state *self)
{
    uint32_t depth = 0;
    search_number++;
    path[0] = (struct link){.state = self, .wait = self->wait};
    while (depth < LONGEST - 1) {
        struct link *link = &path[depth];
        struct thread_state *state = next_in_the_way(link);
        if (state == self)
            return depth + 1;
        if (!state && is_abandoned(&link->wait)) {
            path[depth + 1] = (struct link){.state = owner_of(&link->wait)};
            return depth + 2;
        }
        if (!state && depth-- == 0)
            return 0;
        struct link next = {.state = state};
        if (!state || state->search == search_number || !is_blocked(state, &next.wait))
            continue;
        state->search = search_number;
        path[++depth] = next;
    }
    return 0;
}

/* From the last link to the first: see wait.h. */
static bool is_certain(uint32_t length, const struct thread_state *self)
{
    bool gone = length > 1 && !path[length - 1].wait.kind;
    for (uint32_t i = gone ? length - 1 : length; i-- > 0;) {
        const struct link *link = &path[i];
        const struct thread_state *next = i + 1 < length ? path[i + 1].state : self;
        struct wait wait;
        if (i != 0 && (!is_blocked(link->state, &wait) || !is_same_wait(&wait, &link->wait)))
            return false;
        if (gone && i + 2 == length ? !is_abandoned(&link->wait) : !is_in_the_way(next, link->state, &link->wait))
            return false;
    }
    return true;
}

/* --- The record --- */

static uint32_t lock_id(const struct link *link)
{
    if (link->wait.kind != TRACE_WAIT_LOCK && link->wait.kind != TRACE_WAIT_CONDITION)
        return 0;
    struct lock_use use = {.state = link->state,
                           .address = link->wait.address,
                           .kind = HELD_KIND(link->wait.kind_and_mode),
                           .context = link->wait.context,
                           .frame = link->state->stack_high};
    const struct known_lock *lock = lock_table_identify(&use);
    return lock ? lock->id : 0;
}

static const struct held_entry *entry_for(const struct thread_state *state, const struct wait *wanted)
{
    if (!has_owner(wanted))
        return entry_in_the_way(state, wanted);
    for (const struct held_entry *entry = state->held + 1; entry <= state->top; entry++)
        if (HELD_LOCK(entry) == wanted->address)
            return entry;
    return NULL;
}

/* `before` is the thread that wants what this one holds. */
static void describe(struct trace_event_step *step, const struct link *link, const struct link *before)
{
    const struct held_entry *entry = NULL;
    *step = (struct trace_event_step){0};
    if (link->state) {
        step->thread = link->state->thread;
        if (before->wait.kind != TRACE_WAIT_JOIN)
            entry = entry_for(link->state, &before->wait);
    }
    if (entry) {
        step->holds_context = HELD_CONTEXT(entry->details);
        step->holds_mode = HELD_MODE(entry->details);
    }
    if (entry || !link->state || (before->wait.kind != TRACE_WAIT_JOIN && has_owner(&before->wait)))
        step->holds = lock_id(before);
    if (!link->wait.kind)
        return;
    step->wants = lock_id(link);
    step->wants_context = link->wait.context;
    step->wants_mode = step->wants ? HELD_MODE(link->wait.kind_and_mode) : 0;
    step->other_thread = link->wait.joined ? link->wait.joined->thread : 0;
}

static bool write_event(uint32_t length)
{
    static struct trace_event_step steps[LONGEST];
    for (uint32_t i = 0; i < length; i++)
        describe(&steps[i], &path[i], &path[(i + length - 1) % length]);
    return event_write(TRACE_EVENT_DEADLOCK, 0, steps, length);
}

static bool is_told(uint32_t length)
{
    for (uint32_t i = 0; i < length; i++)
        if (path[i].state && path[i].wait.kind && path[i].state->deadlocked)
            return true;
    return false;
}

/* pthread_join sees for itself that a thread would wait for its own end, and returns an error. It means to do so where two
 * threads join each other, too; glibc 2.36 lets them hang. */
static bool is_refused(uint32_t length)
{
    return length == 1 && path[0].wait.kind == TRACE_WAIT_JOIN;
}

uint32_t deadlock_find(struct thread_state *self)
{
    uint32_t length = search(self);
    if (length == 0 || is_refused(length) || !is_certain(length, self) || is_told(length))
        return 0;
    for (uint32_t i = 0; i < length; i++)
        if (path[i].state)
            path[i].state->deadlocked = true;
    return write_event(length) ? trace_header()->deadlocks : 0;
}

/* As most owners of contended mutexes do. Their lists say: it is the last one, or, just before it is unlocked, there is none. */
static bool seems_to_go_on(const struct thread_state *owner, uintptr_t mutex)
{
    uintptr_t last = HELD_LOCK(owner->top);
    return !__atomic_load_n(&owner->wait.kind, __ATOMIC_ACQUIRE) && (last <= HELD_BOTTOM || last == mutex);
}

bool deadlock_is_possible(const struct thread_state *self)
{
    struct wait wait;
    if (self->wait.kind == TRACE_WAIT_JOIN)
        return self->wait.joined && is_blocked(self->wait.joined, &wait);
    if (!has_owner(&self->wait))
        return true;
    const struct thread_state *owner = owner_of(&self->wait);
    if (!owner || owner == self || owner->phase & THREAD_ENDED)
        return true;
    return !seems_to_go_on(owner, self->wait.address) && is_blocked(owner, &wait);
}
