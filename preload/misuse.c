#include "misuse.h"

#include "deadlock.h"
#include "event.h"
#include "lock_table.h"
#include "mutex_type.h"
#include "published_wait.h"
#include "rwlock_type.h"
#include "spin_type.h"
#include "thread_state.h"

#define EXCLUSIVE(kind) HELD_KIND_AND_MODE(kind, TRACE_MODE_EXCLUSIVE)

/* --- The record --- */

static uint32_t identify(const struct thread_state *state, const void *lock, uint32_t kind_and_mode, uint32_t context)
{
    struct lock_use use = {.state = state,
                           .address = (uintptr_t)lock,
                           .kind = HELD_KIND(kind_and_mode),
                           .context = context,
                           .frame = state->stack_high};
    const struct known_lock *known = lock_table_identify(&use);
    return known ? known->id : 0;
}

/* The entry by which a thread holds the lock, if it does. The innermost one stands for the wait of a thread that waits for it. */
static const struct held_entry *entry_of(const struct thread_state *state, const void *lock)
{
    bool waits = state->wait.kind == TRACE_WAIT_LOCK && state->wait.address == (uintptr_t)lock;
    for (const struct held_entry *entry = state->top; entry > state->held; entry--) {
        if (HELD_LOCK(entry) != (uintptr_t)lock)
            continue;
        if (!waits)
            return entry;
        waits = false;
    }
    return NULL;
}

static const struct thread_state *holder_of(const void *lock, const struct held_entry **entry)
{
    for (struct thread_state *state = NULL; (state = thread_state_after(state));)
        if ((*entry = entry_of(state, lock)))
            return state;
    return NULL;
}

/* Where the conflict is with a lock of its own. */
static uint32_t other_lock(const struct thread_state *state, const void *lock, const struct held_entry *entry)
{
    uintptr_t address = HELD_LOCK(entry);
    if (address == (uintptr_t)lock)
        return 0;
    return identify(state, (const void *)address, (uint32_t)entry->details, HELD_CONTEXT(entry->details));
}

/* At this call, something is wrong with the lock, which `holder` (NULL: unknown) acquired at `entry` (NULL: unknown). */
static void write_fault(enum trace_event_kind kind, const void *lock, uint32_t kind_and_mode, struct call call,
                        const struct thread_state *holder, const struct held_entry *entry)
{
    int saved_errno;
    if (!recorder_enter(&saved_errno))
        return;
    struct thread_state *state = acquire_thread_state();
    uint32_t context = state ? acquire_context(state, call.return_address, call.frame) : 0;
    recorder_lock();
    if (state) {
        struct trace_event_step step = {.thread = state->thread,
                                        .holds = entry ? other_lock(state, lock, entry) : 0,
                                        .holds_context = entry ? HELD_CONTEXT(entry->details) : 0,
                                        .holds_mode = entry ? HELD_MODE(entry->details) : 0,
                                        .wants = identify(state, lock, kind_and_mode, context),
                                        .wants_context = context,
                                        .other_thread = holder ? holder->thread : 0};
        event_write(kind, 0, &step, 1);
    }
    recorder_unlock();
    recorder_leave(saved_errno);
}

/* The same, where who holds it is to be found first. */
static void write_fault_with_holder(enum trace_event_kind kind, const void *lock, uint32_t kind_and_mode, struct call call)
{
    int saved_errno;
    const struct held_entry *entry = NULL;
    if (!recorder_enter(&saved_errno))
        return;
    recorder_lock();
    const struct thread_state *holder = holder_of(lock, &entry);
    recorder_unlock();
    recorder_leave(saved_errno);
    write_fault(kind, lock, kind_and_mode, call, holder, entry);
}

/* --- Unlock --- */

static bool is_destroyed(const pthread_mutex_t *mutex)
{
    return mutex->__data.__kind == -1;
}

/* What was locked before the recorder began, or without it, is no misuse: so the lock is asked, not the held list. */
void misuse_unlock_mutex(const pthread_mutex_t *mutex, struct call call)
{
    pid_t owner = mutex_owner(mutex);
    if (is_destroyed(mutex))
        misuse_use_destroyed(mutex, call);
    else if (!mutex->__data.__lock)
        write_fault_with_holder(TRACE_EVENT_UNLOCK_NOT_HELD, mutex, EXCLUSIVE(TRACE_LOCK_MUTEX), call);
    else if (owner && recorder_self->kernel_id && owner != recorder_self->kernel_id && !mutex_came_along(mutex, recorder_self))
        write_fault_with_holder(TRACE_EVENT_UNLOCK_NOT_OWNER, mutex, EXCLUSIVE(TRACE_LOCK_MUTEX), call);
}

static bool is_held_by_another(const void *lock)
{
    int saved_errno;
    const struct held_entry *entry = NULL;
    if (!recorder_enter(&saved_errno))
        return false;
    recorder_lock();
    const struct thread_state *holder = holder_of(lock, &entry);
    recorder_unlock();
    recorder_leave(saved_errno);
    return holder && holder != recorder_self;
}

void misuse_unlock_rwlock(const pthread_rwlock_t *lock, struct call call)
{
    if (!rwlock_is_locked(lock))
        write_fault(TRACE_EVENT_UNLOCK_NOT_HELD, lock, EXCLUSIVE(TRACE_LOCK_RWLOCK), call, NULL, NULL);
    else if (is_held_by_another(lock))
        write_fault_with_holder(TRACE_EVENT_UNLOCK_NOT_OWNER, lock, EXCLUSIVE(TRACE_LOCK_RWLOCK), call);
}

void misuse_unlock_spin(const pthread_spinlock_t *lock, struct call call)
{
    if (!spin_is_locked(lock))
        write_fault(TRACE_EVENT_UNLOCK_NOT_HELD, (const void *)lock, EXCLUSIVE(TRACE_LOCK_SPIN), call, NULL, NULL);
    else if (is_held_by_another((const void *)lock)) {
        deadlock_distrust_spinlocks();
        write_fault_with_holder(TRACE_EVENT_UNLOCK_NOT_OWNER, (const void *)lock, EXCLUSIVE(TRACE_LOCK_SPIN), call);
    }
}

/* --- Life --- */

static bool is_locked(const void *lock, enum trace_lock_kind kind)
{
    switch (kind) {
    case TRACE_LOCK_MUTEX:
        return ((const pthread_mutex_t *)lock)->__data.__lock != 0;
    case TRACE_LOCK_RWLOCK:
        return rwlock_is_locked(lock);
    case TRACE_LOCK_SPIN:
        return spin_is_locked(lock);
    default:
        return false;
    }
}

void misuse_destroy(const void *lock, enum trace_lock_kind kind, struct call call)
{
    if (unlikely(is_locked(lock, kind)))
        write_fault_with_holder(TRACE_EVENT_DESTROY_HELD, lock, EXCLUSIVE(kind), call);
}

/* The memory may never have been a mutex: it counts as one only if the thread that it names has it in its held list. */
void misuse_initialize_mutex(const pthread_mutex_t *mutex, struct call call)
{
    int saved_errno;
    pid_t owner = mutex_owner(mutex);
    if (!mutex->__data.__lock || !owner || !recorder_enter(&saved_errno))
        return;
    recorder_lock();
    const struct thread_state *holder = thread_state_by_kernel_id(owner);
    const struct held_entry *entry = holder ? entry_of(holder, mutex) : NULL;
    recorder_unlock();
    recorder_leave(saved_errno);
    if (entry)
        write_fault(TRACE_EVENT_INIT_HELD, mutex, EXCLUSIVE(TRACE_LOCK_MUTEX), call, holder, entry);
}

void misuse_use_destroyed(const pthread_mutex_t *mutex, struct call call)
{
    if (is_destroyed(mutex))
        write_fault(TRACE_EVENT_USE_DESTROYED, mutex, EXCLUSIVE(TRACE_LOCK_MUTEX), call, NULL, NULL);
}

/* --- Conditions --- */

void misuse_wait_without_mutex(const pthread_mutex_t *mutex, struct call call)
{
    if (recorder_self->kernel_id && !mutex_is_locked_by(mutex, recorder_self))
        write_fault_with_holder(TRACE_EVENT_WAIT_WITHOUT_MUTEX, mutex, EXCLUSIVE(TRACE_LOCK_MUTEX), call);
}

/* With which mutex a condition was waited for last; conditions share places. */
static struct {
    const void *condition;
    uintptr_t mutex;
} last_waits[1024];

static const struct thread_state *waiter_with_another(const void *condition, uintptr_t mutex, struct wait *wait)
{
    for (struct thread_state *state = NULL; (state = thread_state_after(state));)
        if (state != recorder_self && wait_copy(state, wait) && wait->kind == TRACE_WAIT_CONDITION &&
            wait->condition == condition && wait->address != mutex)
            return state;
    return NULL;
}

void misuse_wait_with(const void *condition, uintptr_t mutex, struct call call)
{
    int saved_errno;
    size_t place = (uintptr_t)condition * HASH_GOLDEN >> 54;
    bool suspicious = __atomic_load_n(&last_waits[place].condition, __ATOMIC_RELAXED) == condition &&
                      __atomic_load_n(&last_waits[place].mutex, __ATOMIC_RELAXED) != mutex;
    __atomic_store_n(&last_waits[place].condition, condition, __ATOMIC_RELAXED);
    __atomic_store_n(&last_waits[place].mutex, mutex, __ATOMIC_RELAXED);
    if (likely(!suspicious) || !recorder_enter(&saved_errno))
        return;
    struct wait wait;
    recorder_lock();
    const struct thread_state *other = waiter_with_another(condition, mutex, &wait);
    recorder_unlock();
    recorder_leave(saved_errno);
    if (!other)
        return;
    struct held_entry waits = {.lock = wait.address, .details = HELD_DETAILS(wait.context, EXCLUSIVE(TRACE_LOCK_MUTEX))};
    write_fault(TRACE_EVENT_WAIT_WITH_TWO_MUTEXES, (const void *)mutex, EXCLUSIVE(TRACE_LOCK_MUTEX), call, other, &waits);
}

/* --- Threads --- */

static bool was_left_locked(const struct thread_state *state, const struct held_entry *entry)
{
    const void *lock = (const void *)HELD_LOCK(entry);
    if (!memory_is_readable((uintptr_t)lock))
        return false;
    if (HELD_KIND(entry->details) == TRACE_LOCK_RWLOCK)
        return rwlock_is_written_by(lock, state);
    return HELD_KIND(entry->details) == TRACE_LOCK_MUTEX && mutex_owner(lock) == state->kernel_id &&
           !(mutex_flags(lock) & TRACE_LOCK_ROBUST);
}

void misuse_thread_gone(const struct thread_state *state)
{
    for (const struct held_entry *entry = state->held + 1; entry <= state->top; entry++) {
        if (!was_left_locked(state, entry))
            continue;
        const void *lock = (const void *)HELD_LOCK(entry);
        uint32_t context = HELD_CONTEXT(entry->details);
        struct trace_event_step step = {.thread = state->thread,
                                        .holds_context = context,
                                        .holds_mode = HELD_MODE(entry->details),
                                        .wants = identify(state, lock, (uint32_t)entry->details, context),
                                        .other_thread = state->thread};
        event_write(TRACE_EVENT_EXIT_HOLDING, 0, &step, 1);
    }
}
